import { N8nRest } from '../../scripts/n8n/rest';

/** What scripts/n8n/e2e.ts has started, as it tells the tests. */
export interface World {
	readonly n8nUrl: string;
	readonly email: string;
	readonly password: string;
	readonly supabaseUrl: string;
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly databaseUrl: string;
	readonly chromium: string;
	/** Where n8n is ended and started again; see scripts/n8n/switch.ts. */
	readonly switchUrl: string;
}

/** The environment variable that holds the {@link World} as JSON. */
export const WORLD = 'E2E_WORLD';

export function world(): World {
	const text = process.env[WORLD];
	if (text === undefined) throw new Error('Run the browser tests by npm run test:e2e.');
	return JSON.parse(text) as World;
}

/** n8n's own API, logged in. */
export async function n8n(): Promise<N8nRest> {
	const { n8nUrl, email, password } = world();
	const rest = new N8nRest(n8nUrl);
	await rest.login({ email, password });
	return rest;
}

/** Ends n8n as a crash does, or starts it again and waits until it answers. */
export async function switchN8n(act: 'kill' | 'start'): Promise<void> {
	const response = await fetch(`${world().switchUrl}/${act}`, { method: 'POST' });
	if (!response.ok) throw new Error(`${act}: ${response.status} ${await response.text()}`);
}

/** Rows of a table, read past the pack: what the tests compare with. */
export async function rowsOf(query: string): Promise<Array<Record<string, unknown>>> {
	const { supabaseUrl, secretKey } = world();
	const response = await fetch(`${supabaseUrl}/rest/v1/${query}`, {
		headers: { apikey: secretKey },
	});
	if (!response.ok) throw new Error(`${query}: ${response.status} ${await response.text()}`);
	return (await response.json()) as Array<Record<string, unknown>>;
}
