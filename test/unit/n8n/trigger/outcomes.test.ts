import type { IRun } from 'n8n-workflow';

import type { Ending } from '../../../../src/n8n/trigger/executions';
import { outcomeOf, type Acknowledge } from '../../../../src/n8n/trigger/outcomes';

const run = (status: string, message?: string): Ending => ({
	name: 'ended',
	run: { status, data: { resultData: { error: message && { message } } } } as unknown as IRun,
});
const canceled = (reason: string): Ending => ({
	name: 'broken',
	error: Object.assign(new Error('The execution was cancelled'), { reason }),
});
const when = (name: Acknowledge['when'], ...statuses: Acknowledge['statuses']): Acknowledge => ({
	when: name,
	statuses,
});
const outcome = (ending: Ending, acknowledge: Acknowledge) =>
	outcomeOf(ending, acknowledge, 60_000).name;

test.each([
	[run('success'), 'done', 'done', 'failed'],
	[run('waiting'), 'done', 'done', 'failed'],
	[run('error'), 'failed', 'done', 'done'],
	[run('crashed'), 'failed', 'done', 'failed'],
	[run('canceled'), 'failed', 'done', 'done'],
	[canceled('manual'), 'failed', 'done', 'done'],
	[canceled('timeout'), 'failed', 'done', 'done'],
	[{ name: 'ended', run: undefined } as Ending, 'failed', 'done', 'failed'],
	[{ name: 'late' } as Ending, 'failed', 'failed', 'failed'],
	// n8n stops: the execution was half done.
	[canceled('shutdown'), 'left', 'left', 'left'],
	[{ name: 'closed' } as Ending, 'left', 'left', 'left'],
	// There was none.
	[{ name: 'broken', error: new Error('No database') } as Ending, ...threeTimes('unstarted')],
])('%j: on success %s, on completion %s, on error or canceled %s', (ending, ...expected) => {
	expect([
		outcome(ending, when('onSuccess')),
		outcome(ending, when('onCompletion')),
		outcome(ending, when('onStatus', 'error', 'canceled')),
	]).toEqual(expected);
});

function threeTimes(text: string): [string, string, string] {
	return [text, text, text];
}

test('the reason says how it ended, in so many words', () => {
	const said = outcomeOf(run('error', 'x'.repeat(5_000)), when('onSuccess'), 1_000);
	expect(said).toMatchObject({
		name: 'failed',
		reason: expect.stringMatching(/^The execution ended with the status error: x{900}/) as string,
	});
	expect((said as { reason: string }).reason.length).toBe(1_000);
	expect(outcomeOf({ name: 'late' }, when('onSuccess'), 90_000)).toEqual({
		name: 'failed',
		reason: 'The execution did not end within 90 seconds',
	});
});
