import type { INodeProperties, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import { InvalidRequestError } from '../../api/errors';
import { CREDENTIAL, projectOf } from '../credential';
import { nodeError } from '../errors';
import { authorityFor } from './authority';
import { triggerParameters, type TriggerParameters } from './parameters';
import type { TriggerPlan } from './plan';
import { openTrigger, type Trigger } from './trigger';

/** How long an activation, and a test, waits until everything is subscribed, in milliseconds. */
const PATIENCE = 15_000;

/** The modes in which nobody waits for the outcome, and many triggers start at the same time. */
const IN_BACKGROUND = new Set(['init', 'leadershipChange']);

/**
 * Triggers that n8n starts again because they told it of a fault that does not mend itself: these wait
 * for the outcome in every mode, so that n8n waits longer and longer between its attempts.
 */
const failedLately = new Set<string>();

/**
 * Runs a trigger, as n8n asks for it: activated by a person it waits until it listens, started with
 * n8n it returns at once, tested it waits for one event.
 *
 * @param node what n8n calls `trigger` with
 * @param properties of the node
 * @param planOf reads the form; throws `InvalidRequestError` for what cannot be
 * @throws NodeApiError or NodeOperationError for what will not mend itself
 */
export async function runTrigger(
	node: ITriggerFunctions,
	properties: readonly INodeProperties[],
	planOf: (get: TriggerParameters) => TriggerPlan,
): Promise<ITriggerResponse> {
	const about = node.getNode();
	const id = JSON.stringify([node.getWorkflow().id, about.id]);
	try {
		const credential = await node.getCredentials(CREDENTIAL);
		const project = projectOf(credential);
		const plan = planOf(triggerParameters(node, properties));
		const rights = await authorityFor(plan.runAs, node, credential, project);
		const isTest = node.getMode() === 'manual';
		const opened = openTrigger({ node, project, plan, rights, isTest });
		return isTest ? test(node, opened, plan) : await activate(node, opened, id);
	} catch (error) {
		throw nodeError(about, error);
	}
}

/** Waits for one event, and says so when none came. */
function test(
	node: ITriggerFunctions,
	opened: Trigger,
	{ testWait }: TriggerPlan,
): ITriggerResponse {
	return {
		closeFunction: async () => await opened.close(),
		manualTriggerFunction: async () => {
			try {
				opened.release();
				await within(Math.max(testWait, PATIENCE), opened.listening, () => opened.whyNot());
				await within(testWait, opened.emitted, () => nothingCame(testWait));
			} catch (error) {
				await opened.close();
				throw nodeError(node.getNode(), error);
			}
		},
	};
}

function nothingCame(waited: number): InvalidRequestError {
	return new InvalidRequestError(
		`Nothing happened within ${waited / 1000} seconds`,
		'The trigger was listening. Make a change that fits the form while it waits, or set Test Waits At Most. If you did make one: check Filters and Events, and with Anonymous or User the policies for selecting the row.',
	);
}

async function activate(
	node: ITriggerFunctions,
	opened: Trigger,
	id: string,
): Promise<ITriggerResponse> {
	let isActive = false;
	opened.onRefused((error) => {
		if (!isActive) return;
		failedLately.add(id);
		node.emitError(nodeError(node.getNode(), error));
	});
	if (!IN_BACKGROUND.has(node.getActivationMode()) || failedLately.has(id)) {
		// An outage passes: the workflow stays active, and goes on trying.
		await within(PATIENCE, opened.listening, () => void opened.tellLate(PATIENCE)).catch(
			async (error: unknown) => {
				await opened.close();
				throw error;
			},
		);
	}
	void opened.listening.then(() => failedLately.delete(id)).catch(() => undefined);
	isActive = true;
	setImmediate(opened.release);
	return { closeFunction: async () => await opened.close() };
}

/** Waits so long at most. @throws what `otherwise` gives when the time is over, unless it is nothing */
async function within<T>(
	milliseconds: number,
	promise: Promise<T>,
	otherwise: () => Error | undefined,
): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>((resolve, reject) => {
		timer = setTimeout(() => {
			const error = otherwise();
			if (error) reject(error);
			else resolve();
		}, milliseconds);
	});
	try {
		await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}
