import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from './instance';
import { packName } from './pack';
import { ROOT } from './places';
import { note, step } from './progress';
import type { N8nRest } from './rest';

const CREDENTIAL_TYPE = 'supabaseProjectApi';
const CREDENTIAL_NAME = 'Local Supabase';

/** A project as the pack's credential takes it. */
export interface Project {
	readonly url: string;
	readonly publishableKey: string;
	readonly secretKey: string;
}

interface CredentialRef {
	readonly id: string;
	readonly name: string;
}

interface WorkflowFile {
	readonly name: string;
	readonly nodes: ReadonlyArray<{ readonly type: string; readonly credentials?: object }>;
}

/**
 * Puts in what a first look needs: the credential and the examples.
 * @returns the addresses of the examples, by name; nothing where the account is no longer ours
 */
export async function furnish({
	rest,
	supabase,
}: Pick<Instance, 'rest' | 'supabase'>): Promise<Map<string, string> | undefined> {
	if (rest === undefined) return undefined;
	return await step('Testing the credential and importing the examples', async () => {
		const credential = await seedCredential(rest, supabase.project);
		return await seedWorkflows(rest, credential);
	});
}

/**
 * Makes the credential for the local Supabase and tests it as the editor's button does. At later
 * starts it only follows the project where that has moved to another port.
 */
async function seedCredential(rest: N8nRest, project: Project): Promise<CredentialRef> {
	const { url, publishableKey, secretKey } = project;
	const data = { url, publishableKey, secretKey };
	const existing = (await rest.credentials(CREDENTIAL_TYPE)).find(
		({ name }) => name === CREDENTIAL_NAME,
	);
	let id = existing?.id;
	if (id === undefined) {
		id = await rest.createCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, data);
	} else if (isLocal(existing?.data?.url) && existing?.data?.url !== url) {
		await rest.updateCredential(id, CREDENTIAL_NAME, CREDENTIAL_TYPE, data);
	}
	const complaint = await rest.testCredential(id, CREDENTIAL_NAME, CREDENTIAL_TYPE, data);
	if (complaint !== undefined) {
		note(`The credential for the local Supabase fails its test: ${complaint}`);
	}
	return { id, name: CREDENTIAL_NAME };
}

/**
 * Imports the example workflows that are not there yet; what is there is the person's own by now.
 * @returns the addresses of all examples, by name
 */
async function seedWorkflows(
	rest: N8nRest,
	credential: CredentialRef,
): Promise<Map<string, string>> {
	const folder = join(ROOT, 'examples');
	const files = (await readdir(folder).catch(() => []))
		.filter((file) => file.endsWith('.json'))
		.sort();
	const present = new Map((await rest.workflows()).map(({ id, name }) => [id, name]));
	const prefix = `${await packName()}.`;
	const examples = new Map<string, string>();
	for (const file of files) {
		const workflow = JSON.parse(await readFile(join(folder, file), 'utf8')) as WorkflowFile;
		// An id made from the file's name: an example stays the same one, however it is renamed.
		const id = createHash('sha256').update(file).digest('hex').slice(0, 16);
		if (!present.has(id)) {
			const nodes = workflow.nodes.map((node) =>
				node.type.startsWith(prefix)
					? { ...node, credentials: { ...node.credentials, [CREDENTIAL_TYPE]: credential } }
					: node,
			);
			await rest.createWorkflow({ ...workflow, id, nodes, active: false });
		}
		examples.set(present.get(id) ?? workflow.name, `${rest.url}/workflow/${id}`);
	}
	return examples;
}

function isLocal(url: unknown): boolean {
	return typeof url === 'string' && url.startsWith('http://127.0.0.1:');
}
