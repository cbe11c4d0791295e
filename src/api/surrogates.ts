/** Made once: esbuild writes it as a call, as it cannot tell which Unicode a Node.js knows. */
const HALF = /\p{Surrogate}/u;

/** Whether a text holds half of a Unicode character, which UTF-8 cannot say. */
export function hasHalfCharacter(text: string): boolean {
	return HALF.test(text);
}
