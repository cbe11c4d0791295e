import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** By file, what it imports of this tree, types included; a file is read again when it has changed. */
const known = new Map();

const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"](\.[^'"]*)['"]/g;

function importsOf(file) {
	const { mtimeMs } = statSync(file);
	const last = known.get(file);
	if (last?.mtimeMs === mtimeMs) return last.imports;
	const imports = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, name]) =>
		fileOf(join(dirname(file), name)),
	);
	known.set(file, { mtimeMs, imports: imports.filter(Boolean) });
	return known.get(file).imports;
}

function fileOf(path) {
	return [path, `${path}.ts`, join(path, 'index.ts')].find(
		(each) => each.endsWith('.ts') && existsSync(each),
	);
}

/** The shortest way from a file to another, both included; undefined where there is none. */
function wayTo(target, from) {
	const before = new Map([[from, undefined]]);
	for (const file of before.keys()) {
		if (file === target) {
			const way = [];
			for (let each = file; each !== undefined; each = before.get(each)) way.unshift(each);
			return way;
		}
		for (const next of importsOf(file)) if (!before.has(next)) before.set(next, file);
	}
	return undefined;
}

/** An ESLint rule: no file is needed, be it for its types, by what it imports. */
export const noImportCircles = {
	meta: {
		type: 'problem',
		schema: [],
		messages: { circle: 'A circle of imports: {{ way }}' },
	},
	create({ cwd, filename, report }) {
		const check = ({ source }) => {
			if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
			const target = fileOf(join(dirname(filename), source.value));
			const way = target && wayTo(filename, target);
			if (!way) return;
			const names = [filename, ...way].map((file) => relative(cwd, file));
			report({ node: source, messageId: 'circle', data: { way: names.join(' → ') } });
		};
		return {
			ImportDeclaration: check,
			ExportNamedDeclaration: check,
			ExportAllDeclaration: check,
			ImportExpression: check,
			TSImportType: check,
		};
	},
};
