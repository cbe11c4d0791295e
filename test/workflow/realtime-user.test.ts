import { createUser, type SignedInUser } from '../stack/users';
import {
	control,
	onChanges,
	openRealtimeBench,
	catchingUp,
	stack,
	tableOf,
} from './realtime-helpers';

const bench = openRealtimeBench();
const AUTH = `${stack.supabaseProjectApi.url}/__control/auth`;

let ada: SignedInUser;
let blaise: SignedInUser;

beforeAll(async () => {
	[ada, blaise] = [await createUser(), await createUser()];
});

/** How long access tokens are good, in seconds. */
async function setTokenLife(accessTokenSeconds: number): Promise<void> {
	await fetch(AUTH, { method: 'POST', body: JSON.stringify({ accessTokenSeconds }) });
}

afterEach(async () => await setTokenLife(3600));

/** A table of which everybody sees their own rows alone. */
async function makeNotes(): Promise<string> {
	const table = await bench.makeTable('owner uuid, name text');
	await bench.sql.unsafe(`
		alter table ${table} enable row level security;
		create policy own on ${table} for select to authenticated using (owner = auth.uid());`);
	return table;
}

const asUser = ({ email, password }: SignedInUser) => ({
	...stack,
	supabaseUserSession: {
		url: stack.supabaseProjectApi.url,
		publishableKey: stack.supabaseProjectApi.publishableKey,
		email,
		password,
	},
});

async function write(table: string, owner: SignedInUser, name: string): Promise<void> {
	await bench.sql`insert into ${bench.sql(table)} (owner, name) values (${owner.id}, ${name})`;
}

const namesOf = (rows: ReadonlyArray<{ record?: unknown }>) =>
	rows.map(({ record }) => (record as { name: string }).name);

test("a user's own rows alone start executions", async () => {
	const table = await makeNotes();
	const workflow = await bench.activate(onChanges([tableOf(table)], { runAs: 'user' }), {
		credentials: asUser(ada),
	});
	await write(table, blaise, 'of Blaise');
	await write(table, ada, 'of Ada');
	await workflow.until(() => workflow.emissions.length > 0);
	await write(table, blaise, 'of Blaise again');
	await write(table, ada, 'of Ada again');
	await workflow.until(() => namesOf(workflow.rows()).includes('of Ada again'));
	expect(namesOf(workflow.rows())).toEqual(['of Ada', 'of Ada again']);
});

test('with Catch Up, too: also what is read is what that user may see', async () => {
	const table = await makeNotes();
	await write(table, blaise, 'of Blaise');
	await write(table, ada, 'of Ada');
	const node = catchingUp([tableOf(table)], { runAs: 'user', startFrom: 'beginning' });
	const workflow = await bench.activate(node, { credentials: asUser(ada) });
	await workflow.until(() => workflow.emissions.length > 0);
	await write(table, ada, 'live');
	await workflow.until(() => namesOf(workflow.rows()).includes('live'));
	expect(namesOf(workflow.rows())).toEqual(['of Ada', 'live']);
});

test('the token is renewed as it ends, and with Catch Up nothing is lost over it', async () => {
	const user = await createUser();
	const table = await makeNotes();
	const life = 4;
	await setTokenLife(life);
	const before = (await control.requests()).at(-1)?.number ?? 0;
	// With Catch Up: Live promises nothing while a channel is joined anew.
	const node = catchingUp([tableOf(table)], { runAs: 'user' });
	const workflow = await bench.activate(node, { credentials: asUser(user) });
	const until = Date.now() + 3 * life * 1000;
	let written = 0;
	while (Date.now() < until) {
		await write(table, user, `${++written}`);
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	const found = () => new Set(namesOf(workflow.rows()));
	await workflow.until(() => found().size >= written);
	expect(workflow.rows()).toHaveLength(written);
	expect(workflow.errors).toEqual([]);
	const renewals = (await control.requests('/auth/v1/token')).filter(
		({ number }) => number > before,
	);
	expect(renewals.length).toBeGreaterThan(2);
});

test('a password that is wrong fails the activation, without the password in it', async () => {
	const table = await makeNotes();
	const credentials = asUser({ ...ada, password: `not ${ada.password}` });
	const failure = bench.activate(onChanges([tableOf(table)], { runAs: 'user' }), { credentials });
	const error = await failure.then(
		() => undefined,
		(thrown: Error) => thrown,
	);
	expect(error?.message).toMatch(/password/i);
	expect(JSON.stringify(error)).not.toContain(ada.password);
});
