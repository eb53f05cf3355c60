export default function Page() {
  return <main>CRM</main>;
}
