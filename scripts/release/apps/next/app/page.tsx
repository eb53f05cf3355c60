export default function Page() {
  return <main>Contacts</main>;
}
