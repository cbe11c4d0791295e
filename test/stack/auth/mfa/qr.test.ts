import { qrGrid, qrSvg } from './qr';

/** As readers of QR codes read it. */
const READ_AS_OTPAUTH = [
	'#######...#.#.#######',
	'#.....#.....#.#.....#',
	'#.###.#.#.#...#.###.#',
	'#.###.#.....#.#.###.#',
	'#.###.#..#..#.#.###.#',
	'#.....#..###..#.....#',
	'#######.#.#.#.#######',
	'........#.##.........',
	'###.#####.#.###...#..',
	'####.#..#...###.#...#',
	'.######.##.##...#.###',
	'#.###..#..##.#.#....#',
	'#.#.######.##....#.#.',
	'........#...#.####.##',
	'#######.#..###.##.###',
	'#.....#.###.##.#...##',
	'#.###.#.##.#...##..#.',
	'#.###.#...###.#.##.#.',
	'#.###.#.#.####.####.#',
	'#.....#.####.......#.',
	'#######.######.###.##',
];

describe('QR codes of second factors', () => {
	it('draws a text so that it is read again', () => {
		const rows = qrGrid('otpauth://totp').map((row) =>
			row.map((dark) => (dark ? '#' : '.')).join(''),
		);
		expect(rows).toEqual(READ_AS_OTPAUTH);
	});

	it.each([
		[17, 21],
		[18, 25],
		[154, 45],
		[155, 49],
		[271, 57],
		[272, 61],
		[858, 97],
	])('takes the smallest size for %d bytes: %d modules', (bytes, modules) => {
		expect(qrGrid('x'.repeat(bytes))).toHaveLength(modules);
	});

	it('refuses what no size holds', () => {
		expect(() => qrGrid('x'.repeat(859))).toThrow('Too long for a QR code');
	});

	it('is an SVG document with a quiet zone', () => {
		expect(qrSvg('x')).toMatch(/^<\?xml version="1.0"\?>\n<svg width="87" height="87"/);
	});
});
