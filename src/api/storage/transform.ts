/** How an image is changed on its way; at least one of them, or it is not changed at all. */
export interface Transform {
	readonly width?: number;
	readonly height?: number;
	/** What becomes of an image whose sides are in another proportion; `cover` unless given. */
	readonly resize?: 'cover' | 'contain' | 'fill';
	/** From 20 to 100; 80 unless given. */
	readonly quality?: number;
	/** `origin` keeps the format; otherwise the server chooses one that the reader understands. */
	readonly format?: 'origin' | 'webp' | 'avif';
}

/** The transformation as query parameters. */
export function transformQuery(transform: Transform = {}): Array<readonly [string, string]> {
	const { width, height, resize, format, quality } = transform;
	return Object.entries({ width, height, resize, format, quality })
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => [name, String(value)] as const);
}
