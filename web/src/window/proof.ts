/** The little work that a form does for its stamp: a number whose hash with the stamp begins with so many zeros. */
export async function prove(stamp: string, bits: number): Promise<string> {
  if (!("subtle" in crypto)) return ""; // without a secure connection; the form is then judged by the time it took
  const coder = new TextEncoder();
  for (let tried = 0; ; tried += 1) {
    const digest = await crypto.subtle.digest("SHA-256", coder.encode(`${stamp}:${tried}`));
    if (new DataView(digest).getUint32(0) >>> (32 - bits) === 0) return String(tried);
  }
}
