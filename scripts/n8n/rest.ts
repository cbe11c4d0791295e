import { randomUUID } from 'node:crypto';

/** The person's account in n8n. */
export interface Login {
	readonly email: string;
	readonly password: string;
}

/** An answer of n8n that is no success. */
export class N8nRefusal extends Error {
	constructor(
		readonly status: number,
		request: string,
		text: string,
	) {
		super(`n8n answered ${status} to ${request}: ${text.slice(0, 300)}`);
		this.name = 'N8nRefusal';
	}
}

/** A credential as n8n lists it; its secrets are blanked. */
export interface StoredCredential {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly data?: Readonly<Record<string, unknown>>;
}

/** The little of n8n's own HTTP API, the editor's, that is needed to set an instance up. */
export class N8nRest {
	/** n8n binds a session to the browser that began it. */
	private readonly browserId = randomUUID();
	private cookie = '';

	constructor(readonly url: string) {}

	/** Whether nobody has an account here yet. */
	async isNew(): Promise<boolean> {
		const settings = await this.call<{ userManagement: { showSetupOnFirstLoad: boolean } }>(
			'GET',
			'/rest/settings',
		);
		return settings.userManagement.showSetupOnFirstLoad;
	}

	/** Makes the owner's account of a new instance, and is logged in as the owner then. */
	async createOwner({ email, password }: Login): Promise<void> {
		await this.call('POST', '/rest/owner/setup', {
			email,
			password,
			firstName: 'Local',
			lastName: 'Owner',
		});
	}

	/** @throws N8nRefusal (401) where the password is another one by now */
	async login({ email, password }: Login): Promise<void> {
		await this.call('POST', '/rest/login', { emailOrLdapLoginId: email, password });
	}

	/** The credentials of one type, with what of them is no secret. */
	async credentials(type: string): Promise<StoredCredential[]> {
		const filter = encodeURIComponent(JSON.stringify({ type }));
		return await this.call('GET', `/rest/credentials?includeData=true&filter=${filter}`);
	}

	/** @returns the new credential's id */
	async createCredential(name: string, type: string, data: object): Promise<string> {
		return (await this.call<StoredCredential>('POST', '/rest/credentials', { name, type, data }))
			.id;
	}

	async updateCredential(id: string, name: string, type: string, data: object): Promise<void> {
		await this.call('PATCH', `/rest/credentials/${id}`, { name, type, data });
	}

	/** Runs the credential's own test; gives its message where it fails. */
	async testCredential(
		id: string,
		name: string,
		type: string,
		data: object,
	): Promise<string | undefined> {
		const { status, message } = await this.call<{ status: string; message: string }>(
			'POST',
			'/rest/credentials/test',
			{ credentials: { id, name, type, data } },
		);
		return status === 'OK' ? undefined : message;
	}

	/** The names and ids of all workflows, put away ones included. */
	async workflows(): Promise<Array<{ id: string; name: string }>> {
		return await this.call('GET', '/rest/workflows');
	}

	/** @returns the new workflow's id */
	async createWorkflow(workflow: object): Promise<string> {
		return (await this.call<{ id: string }>('POST', '/rest/workflows', workflow)).id;
	}

	private async call<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				'browser-id': this.browserId,
				...(this.cookie === '' ? {} : { cookie: this.cookie }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(30_000),
		});
		const text = await response.text();
		if (!response.ok) throw new N8nRefusal(response.status, `${method} ${path}`, text);
		const cookies = response.headers.getSetCookie();
		if (cookies.length > 0) this.cookie = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
		return (JSON.parse(text) as { data: T }).data;
	}
}
