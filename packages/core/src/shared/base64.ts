// Bytes as text and back: standard base64, padded. Written out because neither `btoa` nor `Buffer`
// belongs to the language.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const CHARACTER_OF = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const VALUE_OF = new Uint8Array(128).map((_, code) => DIGITS.indexOf(String.fromCharCode(code)));

export function encodeBase64(bytes: Uint8Array): string {
  const characters = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill("=".charCodeAt(0));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = Math.min(bytes.length - i, 3);
    // A typed array gives undefined past its end, which shifts to 0.
    const bits = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    for (let digit = 0; digit <= left; digit++) {
      characters[at + digit] = CHARACTER_OF[(bits >> (18 - 6 * digit)) & 63];
    }
    at += 4;
  }
  return asciiText(characters);
}

/** The bytes behind text that `encodeBase64` or any other standard encoder wrote. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let bits = 0;
    for (let digit = 0; digit < 4; digit++) {
      bits = (bits << 6) | (VALUE_OF[text.charCodeAt(i + digit)] & 63);
    }
    // Writes past the end, where the padding was, have no effect.
    bytes[at++] = bits >> 16;
    bytes[at++] = bits >> 8;
    bytes[at++] = bits;
  }
  return bytes;
}

/** In pieces, because engines limit the number of arguments of one call. */
function asciiText(codes: Uint8Array): string {
  const pieces: string[] = [];
  for (let i = 0; i < codes.length; i += 8192) {
    pieces.push(String.fromCharCode(...codes.subarray(i, i + 8192)));
  }
  return pieces.join("");
}
