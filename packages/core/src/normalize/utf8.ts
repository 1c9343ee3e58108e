/** True when the bytes `from` to `to` are well-formed UTF-8 (Unicode 15, table 3-7): no overlong form, no surrogate. */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const lead = bytes[at++] as number;
    if (lead < 0x80) continue;
    let following: number;
    let low = 0x80;
    let high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) following = 1;
    else if (lead >= 0xe0 && lead <= 0xef) {
      following = 2;
      if (lead === 0xe0) low = 0xa0;
      else if (lead === 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      following = 3;
      if (lead === 0xf0) low = 0x90;
      else if (lead === 0xf4) high = 0x8f;
    } else return false;
    if (at + following > to) return false;
    const second = bytes[at++] as number;
    if (second < low || second > high) return false;
    for (let i = 1; i < following; i++) if (((bytes[at++] as number) & 0xc0) !== 0x80) return false;
  }
  return true;
}
