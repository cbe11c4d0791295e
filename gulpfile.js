const { mkdir, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, relative } = require('node:path').posix;
const { build } = require('esbuild');
const { dest, series, src } = require('gulp');

const {
	n8n: { nodes, credentials },
} = require('./package.json');

const PACK = 'dist/pack.js';
const published = [...nodes, ...credentials];

const clean = () => rm('dist', { recursive: true, force: true });

/** All classes go into one file: hundreds of small ones take n8n several times as long to load. */
const compile = () =>
	build({
		stdin: {
			contents: published.map((file) => `export * from '${sourceOf(file)}';`).join('\n'),
			resolveDir: process.cwd(),
		},
		bundle: true,
		outfile: PACK,
		platform: 'node',
		target: 'node20',
		packages: 'external',
		// n8n requires the nodes; and a dynamic import as CommonJS stays a lazy require.
		format: 'cjs',
		supported: { 'dynamic-import': false },
		logLevel: 'warning',
	});

const sourceOf = (file) => `./${relative('dist', file).replace(/\.js$/, '')}`;

/** The files that n8n asks for, each with the class that bears its name. */
const entries = async () => {
	for (const file of published) {
		const [name] = basename(file).split('.');
		await mkdir(dirname(file), { recursive: true });
		const pack = relative(dirname(file), PACK);
		await writeFile(file, `exports.${name} = require('${pack}').${name};\n`);
	}
};

// n8n looks for icons and codex files beside the compiled class.
const copy = () =>
	src(['nodes/**/*.{svg,node.json}', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);

exports.default = series(clean, compile, entries, copy);
