import type { Db } from '../call';
import type { Metadata } from './users';

/** A row of `auth.identities`: one way in which a user signs in. */
export interface IdentityRow {
	id: string;
	/** Who the user is to the provider; for e-mail and phone the user's own id. */
	provider_id: string;
	user_id: string;
	provider: string;
	identity_data: Metadata;
	email: string | null;
	last_sign_in_at: Date | null;
	created_at: Date;
	updated_at: Date;
}

export async function identitiesOf(db: Db, userId: string): Promise<IdentityRow[]> {
	return await db<IdentityRow[]>`
		select * from auth.identities where user_id = ${userId} order by created_at, id`;
}

export async function findIdentity(
	db: Db,
	provider: string,
	providerId: string,
): Promise<IdentityRow | undefined> {
	const [row] = await db<IdentityRow[]>`
		select * from auth.identities where provider = ${provider} and provider_id = ${providerId}`;
	return row;
}

/** Makes an identity. `sub` in its data is the provider's id of the user. */
export async function insertIdentity(
	db: Db,
	userId: string,
	provider: string,
	data: Metadata,
	now: Date,
): Promise<IdentityRow> {
	const row = {
		provider,
		provider_id: String(data.sub),
		user_id: userId,
		identity_data: { email_verified: false, phone_verified: false, ...data },
		last_sign_in_at: now,
		created_at: now,
		updated_at: now,
	};
	const [identity] = await db<IdentityRow[]>`
		insert into auth.identities ${db(row as never)} returning *`;
	return identity as IdentityRow;
}

/** Merges into an identity's data. */
export async function saveIdentity(
	db: Db,
	{ id, identity_data }: IdentityRow,
	changes: Metadata,
	now: Date,
): Promise<void> {
	const data = { ...identity_data, ...changes };
	await db`update auth.identities
		set identity_data = ${db.json(data as never)}, updated_at = ${now} where id = ${id}`;
}

/** The providers of a user, the oldest first. */
export async function providersOf(db: Db, userId: string): Promise<string[]> {
	const rows = await db<Array<{ provider: string }>>`
		select provider from auth.identities where user_id = ${userId}
		group by provider order by min(created_at), provider`;
	return rows.map(({ provider }) => provider);
}
