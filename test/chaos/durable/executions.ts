import type { IDataObject } from 'n8n-workflow';

import { newDraw } from '../draw';
import { nameOfDelivery, type Delivery } from './check';
import type { Runner } from './life';

/** Runs executions as the workflow behind the trigger would, and notes each. */
export interface Executions extends Runner {
	readonly deliveries: readonly Delivery[];
	readonly counts: {
		succeeded: number;
		failed: number;
		/** Those that are never said to have ended. */
		endless: number;
		/** Those whose process died before they ended. */
		died: number;
	};
	/** Changes that at least one execution has failed with, or has never ended with. */
	readonly failures: ReadonlySet<string>;
	/** What a life has kept last, which the next begins with. */
	readonly staticData: IDataObject;
	/** Whether executions end well from now on, at once. */
	isHealed: boolean;
}

/** How many in a hundred first executions of a change go wrong, and how. */
const FATES = [
	{ of: 5, name: 'fails', times: 1 },
	{ of: 2, name: 'fails', times: 2 },
	{ of: 0.5, name: 'fails', times: Infinity },
	{ of: 0.3, name: 'never ends', times: 1 },
] as const;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** @param seed by which it is drawn what becomes of a change's executions */
export function openExecutions(seed: number, onLog: Runner['log'] = () => undefined): Executions {
	const deliveries: Array<Mutable<Delivery>> = [];
	const counts: Executions['counts'] = { succeeded: 0, failed: 0, endless: 0, died: 0 };
	const draw = newDraw(seed);
	/** How often each change has still to go wrong, drawn when it is first seen. */
	const fates = new Map<string, { name: string; left: number }>();
	const failures = new Set<string>();
	let clock = 0;

	function fateOf(name: string): { name: string; left: number } {
		const known = fates.get(name);
		if (known) return known;
		let number = draw.below(100_000) / 1000;
		const drawn = FATES.find(({ of }) => (number -= of) < 0);
		const fate = { name: drawn?.name ?? 'succeeds', left: Number(drawn?.times ?? 0) };
		fates.set(name, fate);
		return fate;
	}

	const executions: Executions = {
		deliveries,
		counts,
		failures,
		staticData: {},
		isHealed: false,
		log: onLog,
		run({ items, staticData }, ended, life) {
			Object.assign(executions, { staticData });
			const began = ++clock;
			const own = items.map(({ json }) => deliveryOf(json, began, life.number));
			for (const delivery of own) deliveries.push(delivery);
			const fate = own
				.map((each) => fateOf(nameOfDelivery(each)))
				.find(({ left }) => left > 0 && (!executions.isHealed || left === Infinity));
			if (fate) {
				fate.left -= 1;
				for (const each of own) failures.add(nameOfDelivery(each));
			}
			if (fate?.name === 'never ends') {
				counts.endless += 1;
				return;
			}
			setTimeout(
				() => {
					if (!life.isAlive) counts.died += 1;
					else if (fate) {
						counts.failed += 1;
						ended('It fails, as drawn');
					} else {
						counts.succeeded += 1;
						const succeeded = ++clock;
						for (const delivery of own) delivery.succeeded = succeeded;
						ended();
					}
				},
				draw.below(20) === 0 ? draw.below(300) : draw.below(8),
			);
		},
	};
	return executions;
}

function deliveryOf(json: IDataObject, began: number, life: number): Mutable<Delivery> {
	return {
		began,
		life,
		// Live delivery knows no messages.
		messageId: String((json.message_id as string | undefined) ?? `live ${began}`),
		attempt: Number(json.attempt ?? 1),
		place: String(json.table as string),
		type: String(json.event as string),
		record: (json.record ?? null) as Delivery['record'],
		oldRecord: (json.old_record ?? null) as Delivery['record'],
	};
}
