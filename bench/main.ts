/**
 * `npm run bench -- <name>`: one of the measurements beside this file, with its own arguments after
 * the name. Without a name it tells them all.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [name = ''] = process.argv.splice(2, 1);
const file = join(__dirname, `${name}.ts`);

if (/^[\w-]+$/.test(name) && existsSync(file)) {
	void import(file);
} else {
	for (const each of readdirSync(__dirname).filter((file) => file.endsWith('.ts'))) {
		// What can be run says how, in its first lines.
		const [, usage] =
			/^ \* +npm run bench -- (.*)$/m.exec(readFileSync(join(__dirname, each), 'utf8')) ?? [];
		if (usage !== undefined) console.log(`npm run bench -- ${usage}`);
	}
	process.exitCode = name === '' ? 0 : 1;
}
