import type postgres from 'postgres';

import type { StackControl } from '../../stack/control';
import type { Executions } from './executions';
import type { Life } from './life';
import type { Writers } from './writers';

/** What faults are made with. */
export interface Scene {
	readonly sql: postgres.Sql;
	readonly rest: StackControl;
	readonly executions: Executions;
	readonly writers: Writers;
	/** The process that reads. */
	life(): Life;
	/** Another takes its place. */
	startAgain(): Promise<Life>;
	/** One more, which nobody planned. */
	startAnother(): Promise<Life>;
	/** How many messages are claimed and not done. */
	inHand(): Promise<number>;
	/** Stops the database at once, as if its power went, and starts it again. */
	crashDatabase(): Promise<void>;
}

/** Something that goes wrong. It is over when its promise is fulfilled, and has bitten when that says so. */
export type Fault = (scene: Scene) => Promise<boolean>;

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** Whether it becomes true within some time. */
async function comes(isSo: () => boolean | Promise<boolean>, within = 8_000): Promise<boolean> {
	for (const end = performance.now() + within; performance.now() < end; await wait(10)) {
		if (await isSo()) return true;
	}
	return false;
}

/** Whether executions begin with so many messages that had not begun yet. */
async function goesOn({ executions }: Scene, within?: number, messages = 1): Promise<boolean> {
	const before = executions.deliveries.length;
	return await comes(() => executions.deliveries.length >= before + messages, within);
}

/** The answers to a call are lost when its work is done. */
function losingAnswers(call: string, times: number): Fault {
	return async (scene) => {
		const { wire } = scene.life();
		const before = wire.counts.answersLost[call] ?? 0;
		wire.loseAnswers(call, times);
		const hasBitten = await comes(() => (wire.counts.answersLost[call] ?? 0) > before);
		wire.loseAnswers(call, 0);
		return hasBitten && (await goesOn(scene));
	};
}

/** REST answers a call, but not as it should. */
function answering(call: string, action: Parameters<StackControl['addFault']>[0]['action']): Fault {
	return async ({ rest }) => {
		const path = `/rest/v1/rpc/${call}`;
		await rest.addFault({ path, times: 2, action });
		const hasBitten = await comes(async () => {
			const [left] = await rest.faults(path);
			return (left?.times ?? 0) < 2;
		});
		await rest.clearFaults();
		return hasBitten;
	};
}

export const FAULTS: Readonly<Record<string, Fault>> = {
	'the reader is killed': async (scene) => {
		await goesOn(scene, 30_000, 50);
		await comes(async () => (await scene.inHand()) > 0);
		await scene.life().kill();
		const hasBitten = (await scene.inHand()) > 0;
		await scene.startAgain();
		return (await goesOn(scene, 30_000)) && hasBitten;
	},
	'the database is stopped at once': async (scene) => {
		await comes(async () => (await scene.inHand()) > 0);
		const { broken } = scene.writers.counts;
		await scene.crashDatabase();
		return (
			(await comes(() => scene.writers.counts.broken > broken)) && (await goesOn(scene, 30_000))
		);
	},
	'the network is cut': async (scene) => {
		const { wire } = scene.life();
		await comes(async () => (await scene.inHand()) > 0);
		const before = wire.counts.cut;
		wire.cut();
		const hasBitten = await comes(() => wire.counts.cut > before);
		await wait(1_000);
		wire.mend();
		return hasBitten && (await goesOn(scene, 30_000));
	},
	'answers to claims are lost': losingAnswers('n8n_queue_claim', 1),
	'answers to acknowledgements are lost': losingAnswers('n8n_queue_ack', 2),
	'answers to releases and extensions are lost': losingAnswers('n8n_queue_set_vt', 1),
	'REST refuses claims': answering('n8n_queue_claim', { kind: 'status', status: 503 }),
	'REST refuses acknowledgements': answering('n8n_queue_ack', { kind: 'status', status: 503 }),
	'REST breaks off': answering('n8n_queue_ack', { kind: 'closeMidway' }),
	'REST falls silent midway': answering('n8n_queue_claim', { kind: 'stall' }),
	'the reader is stalled beyond its visibility': async (scene) => {
		const life = scene.life();
		await comes(async () => (await scene.inHand()) > 0);
		life.stall();
		const before = await scene.inHand();
		const hasBitten = before > 0 && (await comes(async () => (await scene.inHand()) === 0, 60_000));
		life.wake();
		return hasBitten && (await goesOn(scene, 30_000));
	},
	'the reader is stalled, and another reads meanwhile': async (scene) => {
		const stalled = scene.life();
		await comes(async () => (await scene.inHand()) > 0);
		stalled.stall();
		const hadInHand = (await scene.inHand()) > 0;
		const other = await scene.startAnother();
		await other.active.catch(() => {});
		const hasBitten = hadInHand && (await goesOn(scene, 60_000));
		stalled.wake();
		await wait(1_000);
		await other.deactivate();
		return hasBitten;
	},
	'two readers at once': async (scene) => {
		const other = await scene.startAnother();
		await other.active.catch(() => {});
		const { deliveries } = scene.executions;
		const before = deliveries.length;
		const lives = () => new Set(deliveries.slice(before).map(({ life }) => life));
		const hasBitten = await comes(() => lives().size > 1);
		await other.deactivate();
		return hasBitten;
	},
	'deactivated in the middle': async (scene) => {
		await comes(async () => (await scene.inHand()) > 0);
		await scene.life().deactivate();
		await scene.startAgain();
		return await goesOn(scene, 30_000);
	},
	'n8n starts no execution': async (scene) => {
		const life = scene.life();
		const before = life.refused;
		life.refuseExecutions(2);
		const hasBitten = await comes(() => life.refused > before);
		life.refuseExecutions(0);
		return hasBitten;
	},
};
