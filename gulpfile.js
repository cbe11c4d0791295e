const { createHash } = require('node:crypto');
const { mkdir, rm, writeFile } = require('node:fs/promises');
const { relative: pathBetween, sep } = require('node:path');
const { basename, dirname, relative } = require('node:path').posix;
const { build } = require('esbuild');
const { dest, series, src } = require('gulp');

const {
	n8n: { nodes, credentials },
} = require('./package.json');

const PACK = 'dist/pack.js';
const published = [...nodes, ...credentials];

/**
 * While n8n loads the nodes, which each of its processes does at its start, they read what they share,
 * and this little of what does the work. All else of that is in a second file that is loaded once
 * something of it is used: half of the start was to parse it.
 */
const EARLY = [
	'src/api/auth/admin/collections',
	'src/api/database/bulkChange',
	'src/api/functions/invoke',
	'src/api/sideBySide',
];
const isLate = (module) => /^src\/(api|n8n\/.+)\//.test(module) && !EARLY.includes(module);

const clean = () => rm('dist', { recursive: true, force: true });

/** Two files of all: hundreds of small ones take n8n several times as long to load. */
const compile = async () => {
	const early = new Set();
	const late = new Set();
	const bundlePack = () => bundle([...published.map(classesOf), ...spacesOf(early)], isLate, late);
	// It says what it needs of the second file, which then says what it needs of the first.
	await bundlePack();
	const later = await bundle(spacesOf(late), (module) => !isLate(module), early);
	const pack = await bundlePack();
	// After an update in place, a pack that runs on must not load what belongs to the new one.
	const version = createHash('sha256').update(pack).update(later).digest('hex').slice(0, 8);
	const name = `later-${version}.js`;
	await mkdir(dirname(PACK), { recursive: true });
	await writeFile(PACK, beside(name, pack));
	await writeFile(`${dirname(PACK)}/${name}`, beside(basename(PACK), later));
};

const classesOf = (file) => `export * from './${relative('dist', file).replace(/\.js$/, '')}';`;
const spacesOf = (modules) =>
	[...modules].sort().map((module) => `export * as '${module}' from './${module}';`);

/** The text of one file with all that its contents import, but for modules of the other file. */
const bundle = async (contents, isElsewhere, found) => {
	const {
		outputFiles: [{ text }],
	} = await build({
		stdin: { contents: contents.join('\n'), resolveDir: process.cwd() },
		bundle: true,
		write: false,
		platform: 'node',
		target: 'node20',
		packages: 'external',
		// n8n requires the nodes; and a dynamic import as CommonJS stays a lazy require.
		format: 'cjs',
		supported: { 'dynamic-import': false },
		logLevel: 'warning',
		plugins: [{ name: 'elsewhere', setup: elsewhere }],
	});
	return text;

	function elsewhere({ onResolve, resolve }) {
		onResolve({ filter: /^\./ }, async ({ path, pluginData, ...from }) => {
			if (pluginData || from.importer === '<stdin>') return undefined;
			const { path: file } = await resolve(path, { ...from, pluginData: true });
			const module = pathBetween(process.cwd(), file).split(sep).join('/').replace(/\.ts$/, '');
			if (!isElsewhere(module)) return undefined;
			found.add(module);
			return { path: `elsewhere:${module}`, external: true };
		});
	}
};

/**
 * A module of the other file is an empty object at first. What is not in it is asked of its
 * prototype, which fills it: from then on it costs what any other module does.
 */
const beside = (other, text) => {
	const code = text.replaceAll(
		/^(var \w+ = )require\("elsewhere:(.+)"\);$/gm,
		'$1elsewhere("$2");',
	);
	if (code.includes('require("elsewhere:')) {
		throw new Error(
			'A module of the other file can be imported only by the names of what is used.',
		);
	}
	return `const modules = {};
const elsewhere = (name) => modules[name] ??= lazy(() => require('./${other}')[name]);
const lazy = (load) => {
  const module = {};
  const get = (_, key) => Object.assign(module, load())[key];
  return Object.setPrototypeOf(module, new Proxy({}, { get }));
};
${code}`;
};

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
