import './environment';

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const run = promisify(execFile);

/** Loads the pack as n8n does, where the second file says that it is read, and then uses it. */
const script = (second: string) => `
	require('reflect-metadata');
	const { PackageDirectoryLoader } = require('n8n-core');
	const file = require.resolve('./dist/${second}');
	require.cache[file] = { loaded: true, get exports() { throw new Error('The second file is read'); } };
	(async () => {
		const loader = new PackageDirectoryLoader(process.cwd());
		await loader.loadAll();
		const { credentialTest } = loader.getNode('supabaseDatabase').type.methods;
		console.log(JSON.stringify(await credentialTest.testProject({ data: {} })));
	})();
`;

it('reads the second file once it is used, and not while n8n loads the nodes', async () => {
	const [second = '', ...others] = readdirSync(join(ROOT, 'dist')).filter((name) =>
		/^later-\w+\.js$/.test(name),
	);

	// Where it fails, the error's stack tells what is read too early: it belongs to the gulpfile's EARLY.
	const { stdout } = await run(process.execPath, ['-e', script(second)], { cwd: ROOT });

	expect(JSON.parse(stdout)).toEqual({ status: 'Error', message: 'The second file is read' });
	expect(others).toEqual([]);
});
