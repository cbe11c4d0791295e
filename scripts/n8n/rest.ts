import { randomUUID } from 'node:crypto';

/** The person's account in n8n. */
export interface Login {
	readonly email: string;
	readonly password: string;
}

/** A credential as n8n takes it; its secrets are blanked where n8n gives it. */
export interface Credential {
	readonly id?: string;
	readonly name: string;
	readonly type: string;
	readonly data?: object;
}

/** The little of n8n's own HTTP API, the editor's, that is needed to set an instance up. */
export class N8nRest {
	/** n8n binds a session to the browser that began it. */
	private readonly browserId = randomUUID();
	private cookie = '';

	constructor(readonly url: string) {}

	/** Logs in as the owner, whose account is made where nobody has one yet. */
	async login({ email, password }: Login): Promise<void> {
		const { userManagement } = await this.call<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', 'settings');
		const owner = { email, password, firstName: 'Local', lastName: 'Owner' };
		if (userManagement.showSetupOnFirstLoad) await this.call('POST', 'owner/setup', owner);
		else await this.call('POST', 'login', { emailOrLdapLoginId: email, password });
	}

	/** The credentials of one type, with what of them is no secret. */
	async credentials(type: string): Promise<Array<Credential & { id: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ type }));
		return await this.call('GET', `credentials?includeData=true&filter=${filter}`);
	}

	/** Makes a credential, or changes the one of the same id, and gives its id. */
	async saveCredential({ id, ...credential }: Credential): Promise<string> {
		const saved =
			id === undefined
				? await this.call<{ id: string }>('POST', 'credentials', credential)
				: await this.call<{ id: string }>('PATCH', `credentials/${id}`, credential);
		return saved.id;
	}

	/** Runs the credential's own test; gives its message where it fails. */
	async testCredential(credentials: Credential): Promise<string | undefined> {
		const { status, message } = await this.call<{ status: string; message: string }>(
			'POST',
			'credentials/test',
			{ credentials },
		);
		return status === 'OK' ? undefined : message;
	}

	/** The names and ids of all workflows, put away ones included. */
	async workflows(): Promise<Array<{ id: string; name: string }>> {
		return await this.call('GET', 'workflows');
	}

	/** @returns the new workflow's id */
	async createWorkflow(workflow: object): Promise<string> {
		return (await this.call<{ id: string }>('POST', 'workflows', workflow)).id;
	}

	/** Publishes a workflow's newest version, which activates it. */
	async activate(id: string): Promise<void> {
		const { versionId } = await this.call<{ versionId: string }>('GET', `workflows/${id}`);
		await this.call('POST', `workflows/${id}/activate`, { versionId });
	}

	/** A workflow's executions, the newest first. */
	async executions(workflowId: string): Promise<Array<{ id: string; status: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const path = `executions?filter=${filter}&limit=100`;
		return (await this.call<{ results: Array<{ id: string; status: string }> }>('GET', path))
			.results;
	}

	private async call<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(`${this.url}/rest/${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				'browser-id': this.browserId,
				...(this.cookie === '' ? {} : { cookie: this.cookie }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(120_000),
		});
		const text = await response.text();
		if (!response.ok) {
			const words = `n8n answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`;
			throw Object.assign(new Error(words), { status: response.status });
		}
		const cookies = response.headers.getSetCookie();
		if (cookies.length > 0) this.cookie = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
		return (JSON.parse(text) as { data: T }).data;
	}
}
