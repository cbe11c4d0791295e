/**
 * QR codes of bytes with the lowest error correction, after ISO/IEC 18004: enough for an address that
 * an authenticator app reads from a screen.
 */

/** By version, from the second on: codewords for correction in a block, and how many blocks there are. */
const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];

const MODULE_PX = 3;
const QUIET_ZONE = 4;

/** Dark modules are true; rows from the top. */
type Grid = boolean[][];

/** A QR code as an SVG document. @throws Error for a text that is too long */
export function qrSvg(text: string): string {
	const grid = qrGrid(text);
	const size = (grid.length + 2 * QUIET_ZONE) * MODULE_PX;
	const rects = grid.flatMap((row, y) =>
		row.map((dark, x) => {
			const [left, top] = [x + QUIET_ZONE, y + QUIET_ZONE].map((each) => each * MODULE_PX);
			const fill = dark ? 'black' : 'white';
			return `<rect x="${left}" y="${top}" width="${MODULE_PX}" height="${MODULE_PX}" style="fill:${fill};stroke:none" />`;
		}),
	);
	return `<?xml version="1.0"?>\n<svg width="${size}" height="${size}"\n     xmlns="http://www.w3.org/2000/svg">\n${rects.join('\n')}\n</svg>\n`;
}

export function qrGrid(text: string): Grid {
	const bytes = [...Buffer.from(text)];
	const version = CORRECTION.findIndex((_, index) => capacity(index + 1) >= bytes.length) + 1;
	if (version === 0) throw new Error('Too long for a QR code');
	const size = version * 4 + 17;
	const grid: Grid = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
	const taken: Grid = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
	const set = (x: number, y: number, dark: boolean) => {
		const [row, mark] = [grid[y], taken[y]];
		if (!row || !mark || x < 0 || x >= size) return;
		row[x] = dark;
		mark[x] = true;
	};
	drawPatterns(version, size, set);
	const words = interleave(version, bytes);
	drawWords(grid, taken, words);
	return grid;
}

function rawBits(version: number): number {
	const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2;
	const base = (16 * version + 128) * version + 64;
	const alignment = version === 1 ? 0 : (25 * aligned - 10) * aligned - 55;
	return base - alignment - (version >= 7 ? 36 : 0);
}

function dataWords(version: number): number {
	const correction = (CORRECTION[version - 1] ?? 0) * (BLOCKS[version - 1] ?? 0);
	return Math.floor(rawBits(version) / 8) - correction;
}

/** Bytes that fit: the mode takes four bits, and the length eight, or sixteen from version 10 on. */
function capacity(version: number): number {
	return dataWords(version) - (version < 10 ? 2 : 3);
}

function interleave(version: number, bytes: number[]): number[] {
	const bits = [4, ...(version < 10 ? [] : [bytes.length >> 12, (bytes.length >> 8) & 15])];
	const nibbles = [...bits, (bytes.length >> 4) & 15, bytes.length & 15];
	for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
	nibbles.push(0);
	if (nibbles.length % 2 === 1) nibbles.push(0);
	const data: number[] = [];
	for (let index = 0; index < nibbles.length; index += 2)
		data.push(((nibbles[index] ?? 0) << 4) | (nibbles[index + 1] ?? 0));
	const length = dataWords(version);
	while (data.length > length) data.pop();
	for (let pad = 0xec; data.length < length; pad ^= 0xfd) data.push(pad);
	return blocksOf(version, data);
}

function blocksOf(version: number, data: number[]): number[] {
	const [count = 1, correction = 0] = [BLOCKS[version - 1], CORRECTION[version - 1]];
	const shorter = Math.floor(data.length / count);
	const longer = data.length % count;
	let start = 0;
	const blocks = Array.from({ length: count }, (_, index) => {
		const end = start + shorter + (index >= count - longer ? 1 : 0);
		const block = data.slice(start, end);
		start = end;
		return { block, rest: remainder(block, correction) };
	});
	const words: number[] = [];
	for (let index = 0; index <= shorter; index += 1)
		for (const { block } of blocks) if (index < block.length) words.push(block[index] ?? 0);
	for (let index = 0; index < correction; index += 1)
		for (const { rest } of blocks) words.push(rest[index] ?? 0);
	return words;
}

/** Reed and Solomon's remainder of a block. */
function remainder(block: number[], degree: number): number[] {
	const divisor = Array<number>(degree).fill(0);
	divisor[degree - 1] = 1;
	let root = 1;
	for (let index = 0; index < degree; index += 1) {
		for (let place = 0; place < degree; place += 1)
			divisor[place] = times(divisor[place] ?? 0, root) ^ (divisor[place + 1] ?? 0);
		root = times(root, 2);
	}
	const result = Array<number>(degree).fill(0);
	for (const word of block) {
		const factor = word ^ (result.shift() ?? 0);
		result.push(0);
		divisor.forEach((each, place) => (result[place] = (result[place] ?? 0) ^ times(each, factor)));
	}
	return result;
}

/** Multiplies in the field of 256 elements that QR codes use. */
function times(a: number, b: number): number {
	let product = 0;
	for (let bit = 7; bit >= 0; bit -= 1) {
		product = (product << 1) ^ ((product >> 7) * 0x11d);
		product ^= ((b >> bit) & 1) * a;
	}
	return product;
}

type SetModule = (x: number, y: number, dark: boolean) => void;

function drawPatterns(version: number, size: number, set: SetModule): void {
	for (let index = 0; index < size; index += 1) {
		set(6, index, index % 2 === 0);
		set(index, 6, index % 2 === 0);
	}
	for (const [x, y] of [
		[3, 3],
		[size - 4, 3],
		[3, size - 4],
	] as const)
		square(x, y, 4, (ring) => ring !== 2 && ring !== 4, set);
	const centres = alignmentCentres(version, size);
	const last = centres.length - 1;
	centres.forEach((x, i) =>
		centres.forEach((y, j) => {
			const inCorner = (i === 0 && (j === 0 || j === last)) || (i === last && j === 0);
			if (!inCorner) square(x, y, 2, (ring) => ring !== 1, set);
		}),
	);
	drawFormat(size, set);
	if (version >= 7) drawVersion(version, size, set);
}

function square(
	x: number,
	y: number,
	radius: number,
	isDark: (ring: number) => boolean,
	set: SetModule,
): void {
	for (let dy = -radius; dy <= radius; dy += 1)
		for (let dx = -radius; dx <= radius; dx += 1)
			set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
}

function alignmentCentres(version: number, size: number): number[] {
	if (version === 1) return [];
	const count = Math.floor(version / 7) + 2;
	const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
	const fromEnd = Array.from({ length: count - 1 }, (_, index) => size - 7 - index * step);
	return [6, ...fromEnd.reverse()];
}

/** Level L and mask 0, twice. */
function drawFormat(size: number, set: SetModule): void {
	const bits = ((1 << 13) | bch(1 << 3, 10, 0x537)) ^ 0x5412;
	const bit = (index: number) => ((bits >> index) & 1) === 1;
	for (let index = 0; index <= 5; index += 1) set(8, index, bit(index));
	set(8, 7, bit(6));
	set(8, 8, bit(7));
	set(7, 8, bit(8));
	for (let index = 9; index < 15; index += 1) set(14 - index, 8, bit(index));
	for (let index = 0; index < 8; index += 1) set(size - 1 - index, 8, bit(index));
	for (let index = 8; index < 15; index += 1) set(8, size - 15 + index, bit(index));
	set(8, size - 8, true);
}

function drawVersion(version: number, size: number, set: SetModule): void {
	const bits = (version << 12) | bch(version, 12, 0x1f25);
	for (let index = 0; index < 18; index += 1) {
		const dark = ((bits >> index) & 1) === 1;
		const [far, near] = [size - 11 + (index % 3), Math.floor(index / 3)];
		set(far, near, dark);
		set(near, far, dark);
	}
}

/** The check bits of a number. */
function bch(value: number, length: number, generator: number): number {
	let rest = value;
	for (let index = 0; index < length; index += 1)
		rest = (rest << 1) ^ ((rest >> (length - 1)) * generator);
	return rest;
}

/** In columns of two, from the right, up and down; every second module, as the mask wants, turned. */
function drawWords(grid: Grid, taken: Grid, words: number[]): void {
	const size = grid.length;
	let place = 0;
	for (let right = size - 1; right >= 1; right -= 2) {
		if (right === 6) right = 5;
		for (let step = 0; step < size; step += 1) {
			for (const x of [right, right - 1]) {
				const isUpward = ((right + 1) & 2) === 0;
				const y = isUpward ? size - 1 - step : step;
				const row = grid[y];
				if (!row || taken[y]?.[x]) continue;
				const bit = ((words[place >> 3] ?? 0) >> (7 - (place & 7))) & 1;
				row[x] = (bit === 1) !== ((x + y) % 2 === 0);
				place += 1;
			}
		}
	}
}
