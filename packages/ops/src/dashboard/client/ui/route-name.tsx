/** `GET /api/contacts/[id]`, the method said once. */
export function RouteName({ method, route }: { readonly method: string; readonly route: string }) {
  const path = route.startsWith(`${method} `) ? route.slice(method.length + 1) : route;
  return (
    <span class="route">
      <span class="muted">{method}</span> {path}
    </span>
  );
}
