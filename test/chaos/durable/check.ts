import type { Change } from './tables';

/** One start of an execution with one message. */
export interface Delivery {
	/** When its execution began, and when that ended well, both counted by one clock. */
	readonly began: number;
	readonly succeeded?: number;
	/** Which process started it. */
	readonly life: number;
	readonly messageId: string;
	readonly attempt: number;
	readonly place: string;
	readonly type: string;
	readonly record: Readonly<Record<string, unknown>> | null;
	readonly oldRecord: Readonly<Record<string, unknown>> | null;
}

/** What a comparison of the log with the deliveries found. */
export interface Findings {
	readonly changes: number;
	readonly deliveries: number;
	/** Deliveries beyond the first of a message. */
	readonly repeats: number;
	/** Committed changes that neither ended well nor lie in the dead-letter queue. */
	readonly lost: readonly string[];
	/** What was delivered and never committed. */
	readonly invented: readonly string[];
	/** Changes that came as two messages. */
	readonly doubled: readonly string[];
	/** Repeats whose attempt is not higher than the one before. */
	readonly staleRepeats: readonly string[];
	/** Deliveries whose rows are not those of the log. */
	readonly wrong: readonly string[];
	/** Steps of a thing that began before the step before them was done, or again after the next. */
	readonly outOfOrder: readonly string[];
}

/**
 * Compares what was committed with what started executions.
 *
 * @param deliveries in the order in which they began
 * @param parked names of changes in the dead-letter queue
 */
export function check(
	changes: readonly Change[],
	deliveries: readonly Delivery[],
	parked: ReadonlySet<string> = new Set(),
): Findings {
	const committed = new Map(changes.map((change) => [nameOf(change), change]));
	const messageOf = new Map<string, string>();
	const attempts = new Map<string, number>();
	const steps = new Map<string, Step>();
	const invented: string[] = [];
	const doubled: string[] = [];
	const staleRepeats: string[] = [];
	const wrong: string[] = [];
	let repeats = 0;

	for (const [place, delivery] of deliveries.entries()) {
		const name = nameOfDelivery(delivery);
		const change = committed.get(name);
		if (!change) invented.push(`${name} as message ${delivery.messageId}`);
		else if (!isAsWritten(change, delivery)) wrong.push(`${name}: ${JSON.stringify(delivery)}`);
		const known = messageOf.get(name) ?? delivery.messageId;
		if (known !== delivery.messageId) doubled.push(`${name}: ${known}, ${delivery.messageId}`);
		messageOf.set(name, delivery.messageId);
		const before = attempts.get(delivery.messageId);
		if (before !== undefined) repeats += 1;
		if (before !== undefined && delivery.attempt <= before) {
			staleRepeats.push(`${name}: attempt ${delivery.attempt} after ${before}`);
		}
		attempts.set(delivery.messageId, Math.max(before ?? 0, delivery.attempt));
		steps.set(name, stepWith(steps.get(name), delivery, place));
	}
	return {
		changes: changes.length,
		deliveries: deliveries.length,
		repeats,
		lost: [...committed.keys()].filter(
			(name) => steps.get(name)?.succeeded === undefined && !parked.has(name),
		),
		invented,
		doubled,
		staleRepeats,
		wrong,
		outOfOrder: outOfOrder(changes, steps),
	};
}

/** When a change's executions began, and when the first of them ended well. */
interface Step {
	readonly first: number;
	readonly last: number;
	readonly succeeded?: number;
	/** Where its first and its last delivery stand: an execution may hold several. */
	readonly firstPlace: number;
	readonly lastPlace: number;
}

function stepWith(step: Step | undefined, { began, succeeded }: Delivery, place: number): Step {
	const ends = [step?.succeeded, succeeded].filter((each) => each !== undefined);
	return {
		first: step?.first ?? began,
		last: began,
		firstPlace: step?.firstPlace ?? place,
		lastPlace: place,
		...(ends.length > 0 && { succeeded: Math.min(...ends) }),
	};
}

/** Each step of a thing begins when the one before is done, and is not begun again after the next. */
function outOfOrder(changes: readonly Change[], steps: ReadonlyMap<string, Step>): string[] {
	const found: string[] = [];
	for (const { place, thing, step } of changes) {
		const current = steps.get(nameOf({ place, thing, step }));
		const before = steps.get(nameOf({ place, thing, step: step - 1 }));
		if (!current || !before) continue;
		const isInOneExecution = current.first === before.last;
		const isAfter = isInOneExecution
			? current.firstPlace > before.lastPlace
			: current.first > Math.max(before.succeeded ?? 0, before.last);
		if (!isAfter) found.push(nameOf({ place, thing, step }));
	}
	return found;
}

export function nameOf({ place, thing, step }: Pick<Change, 'place' | 'thing' | 'step'>): string {
	return `${place} ${thing}, step ${step}`;
}

/** A delete tells the row as it was one step before. */
export function nameOfDelivery(delivery: Pick<Delivery, 'place' | 'record' | 'oldRecord'>): string {
	const { place, record, oldRecord } = delivery;
	const row = record ?? oldRecord ?? {};
	return nameOf({
		place,
		thing: String(row.thing),
		step: Number(row.step) + (record ? 0 : 1),
	});
}

function isAsWritten(change: Change, { type, record, oldRecord }: Delivery): boolean {
	const isSame = (row: Delivery['record']) => String(row?.thing) === change.thing;
	if (type !== change.type) return false;
	if ((record === null) !== (type === 'DELETE')) return false;
	if ((oldRecord === null) !== (type === 'INSERT')) return false;
	if (oldRecord && (!isSame(oldRecord) || Number(oldRecord.step) !== change.step - 1)) return false;
	const row = record ?? oldRecord;
	if (!isSame(row) || String(row?.id) !== change.id) return false;
	return record === null || record.body === change.body;
}
