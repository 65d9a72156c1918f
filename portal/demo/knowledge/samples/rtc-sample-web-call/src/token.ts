/** Fetches a room token from your own server, which knows the user by its session cookie. */
export async function fetchToken(room: string): Promise<string> {
  const answer = await fetch(`/rtc-token?room=${encodeURIComponent(room)}`, {
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw new Error(`token server answered ${answer.status}`);
  const { token } = (await answer.json()) as { token: string };
  return token;
}
