import { randomUUID } from 'node:crypto';

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { PlainCredentials } from './credentials';
import { chain, openEngine, type DrawnNode, type Engine } from './engine';

export const type = 'n8n-nodes-supabase-suite.supabaseStorage';

export const credentials = {
	supabaseProjectApi: {
		url: process.env.SUPABASE_URL ?? '',
		publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
		secretKey: process.env.SUPABASE_SECRET_KEY ?? '',
	},
};

export const start: DrawnNode = { name: 'Start', type: 'test.start' };

/** Resource locators, filled in by hand. */
export const named = (value: string) => ({ __rl: true, mode: 'name', value });
export const byPath = (value: string) => ({ __rl: true, mode: 'path', value });

/** The node, drawn. */
export function storage(
	name: string,
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	rest: Partial<DrawnNode> = {},
): DrawnNode {
	return { name, type, parameters: { resource, operation, ...parameters }, ...rest };
}

/** An item that holds a file. */
export function held(
	content: string,
	fileName: string,
	mimeType = 'text/plain',
): INodeExecutionData {
	const data = Buffer.from(content).toString('base64');
	return { json: { name: fileName }, binary: { data: { data, fileName, mimeType } } };
}

export interface StorageWorld {
	readonly engine: Engine;
	readonly bucket: string;
	/** The parameter that names the bucket. */
	readonly inBucket: INodeParameters;
	/** Runs one node of the kind, on one item unless others are given. */
	readonly only: (
		resource: string,
		operation: string,
		parameters?: INodeParameters,
		items?: INodeExecutionData[],
		rest?: Omit<Partial<DrawnNode>, 'credentials'> & { credentials?: PlainCredentials },
	) => Promise<Outcome>;
	/** Stores texts under paths of the bucket. */
	readonly put: (...paths: string[]) => Promise<void>;
	/** The content of a file in the bucket. */
	readonly read: (path: string) => Promise<string>;
	readonly close: () => Promise<void>;
}

type Ran = Awaited<ReturnType<Engine['runWorkflow']>>;

type Outcome = Ran & {
	readonly items: INodeExecutionData[];
	readonly json: Array<INodeExecutionData['json']>;
};

/** An engine and a bucket of its own, which goes when the world is closed. */
export async function openStorage(settings: INodeParameters = {}): Promise<StorageWorld> {
	const engine = await openEngine();
	const bucket = `workflow-${randomUUID()}`;
	const inBucket = { bucket: named(bucket) };

	const only: StorageWorld['only'] = async (
		resource,
		operation,
		parameters,
		items,
		{ credentials: own = credentials, ...rest } = {},
	) => {
		const outcome = await engine.runWorkflow({
			nodes: [start, storage('Node', resource, operation, parameters, rest)],
			connections: chain('Start', 'Node'),
			credentials: own,
			...(items && { items }),
		});
		const found = outcome.outputOf('Node');
		return { ...outcome, items: found, json: found.map(({ json }) => json) };
	};

	const made = await only('bucket', 'create', { bucketName: bucket, options: settings });
	if (made.error) throw new Error(made.error.message, { cause: made.error });
	return {
		engine,
		bucket,
		inBucket,
		only,
		async put(...paths) {
			const parameters = { ...inBucket, path: byPath('={{ $json.path }}'), contentFrom: 'text' };
			const items = paths.map((path) => ({ json: { path } }));
			const { error } = await only(
				'file',
				'upload',
				{ ...parameters, text: '={{ "in " + $json.path }}' },
				items,
			);
			if (error) throw new Error(error.message, { cause: error });
		},
		async read(path) {
			const { error, items } = await only('file', 'download', { ...inBucket, path: byPath(path) });
			if (error) throw new Error(error.message, { cause: error });
			return String(await engine.readBinary(items[0]?.binary?.data as never));
		},
		async close() {
			await only('bucket', 'delete', { ...inBucket, options: { emptyFirst: true } });
			await engine.close();
		},
	};
}
