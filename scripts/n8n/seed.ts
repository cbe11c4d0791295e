import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '../../test/stack/stack';
import type { Instance } from './instance';
import { manifest } from './pack';
import { ROOT } from './places';
import { step } from './progress';
import type { N8nRest } from './rest';

const CREDENTIAL = { type: 'supabaseProjectApi', name: 'Local Supabase' };

type Project = Pick<Stack, 'url' | 'publishableKey' | 'secretKey'>;

interface WorkflowFile {
	readonly name: string;
	readonly nodes: ReadonlyArray<{ readonly type: string; readonly credentials?: object }>;
}

/**
 * Puts in what a first look needs: the credential and the examples.
 *
 * @returns the addresses of the examples, by name; none where the account is no longer ours
 */
export async function furnish({ rest, stack }: Instance): Promise<Map<string, string>> {
	if (rest === undefined) return new Map();
	return await step('Testing the credential and importing the examples', async () => {
		const { url, publishableKey, secretKey } = stack;
		return await examples(rest, await credential(rest, { url, publishableKey, secretKey }));
	});
}

/**
 * Makes the credential for the local Supabase and tests it as the editor's button does. At later
 * starts it only follows the project where that has moved to another port.
 */
async function credential(rest: N8nRest, data: Project): Promise<object> {
	const found = (await rest.credentials(CREDENTIAL.type)).find(
		({ name }) => name === CREDENTIAL.name,
	);
	const url = String((found?.data as { url?: unknown } | undefined)?.url);
	const moved = url !== data.url && url.startsWith('http://127.0.0.1:');
	const wanted = { ...CREDENTIAL, data, id: found?.id };
	const id = found && !moved ? found.id : await rest.saveCredential(wanted);
	const complaint = await rest.testCredential({ ...wanted, id });
	if (complaint !== undefined)
		console.log(`  The credential for the local Supabase fails its test: ${complaint}`);
	return { [CREDENTIAL.type]: { id, name: CREDENTIAL.name } };
}

/**
 * Imports the example workflows that are not there yet; what is there is the person's own by now.
 *
 * @returns the addresses of all examples, by name
 */
async function examples(rest: N8nRest, credentials: object): Promise<Map<string, string>> {
	const present = new Map((await rest.workflows()).map(({ id, name }) => [id, name]));
	const { name: pack } = await manifest();
	const found = new Map<string, string>();
	for (const file of (await readdir(join(ROOT, 'examples'))).sort()) {
		if (!file.endsWith('.json')) continue;
		const text = await readFile(join(ROOT, 'examples', file), 'utf8');
		const workflow = JSON.parse(text) as WorkflowFile;
		// An id made from the file's name: an example stays the same one, however it is renamed.
		const id = createHash('sha256').update(file).digest('hex').slice(0, 16);
		const nodes = workflow.nodes.map((node) =>
			node.type.startsWith(`${pack}.`) ? { ...node, credentials } : node,
		);
		if (!present.has(id)) await rest.createWorkflow({ ...workflow, id, nodes, active: false });
		found.set(present.get(id) ?? workflow.name, `${rest.url}/workflow/${id}`);
	}
	return found;
}
