/** Placeholder. */
export function qrSvg(text: string): string {
	return `<?xml version="1.0"?>\n<svg>${text}</svg>`;
}
