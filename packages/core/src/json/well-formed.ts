/** The text with U+FFFD in place of every surrogate without its other half, as `TextEncoder` writes it. */
export function wellFormed(text: string): string {
  return text.replace(loneSurrogate, "\ufffd");
}

const loneSurrogate = /\p{Surrogate}/gu;
