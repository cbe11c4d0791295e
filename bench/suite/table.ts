/** The table of what came out, as Markdown. */
import { ratioOf, medianOf, type Samples } from './rounds';
import { N8N_ALONE, OURS, type Work } from './work';

/** A line of the table: a figure, and what it was to be. */
export interface Line {
	readonly work: string;
	readonly against: string;
	readonly figure: string;
	/** What it took this process's processor, as a multiple of the rival's. */
	readonly cpu?: string;
	readonly goal?: string;
	readonly met?: boolean;
}

/** What ours cost beside each rival. */
export function linesOf(work: Pick<Work, 'title' | 'goals'>, samples: Samples): Line[] {
	return [...samples.keys()]
		.filter((rival) => rival !== OURS && rival !== N8N_ALONE)
		.map((rival) => {
			const { middle, least, most } = ratioOf(samples, OURS, rival);
			const cpu = ratioOf(samples, OURS, rival, (sample) => sample.cpu);
			const goal = work.goals[rival];
			return {
				work: work.title,
				against: rival,
				figure: `${times(middle)} (${least.toFixed(2)} to ${most.toFixed(2)})`,
				cpu: times(cpu.middle),
				...(goal !== undefined && { goal: `≤ ${times(goal)}`, met: middle <= goal }),
			};
		});
}

/** What each took, in milliseconds, for whoever watches. */
export function timesOf(samples: Samples): string {
	return [...samples.keys()]
		.map(
			(name) =>
				`${name} ${medianOf(samples, name).toFixed(0)} ms (CPU ${medianOf(samples, name, ({ cpu }) => cpu).toFixed(0)})`,
		)
		.join(', ');
}

export function markdown(lines: readonly Line[]): string {
	const rows = lines.map(({ work, against, figure, cpu = '', goal = '', met }) => [
		work,
		against,
		figure,
		cpu,
		goal,
		met === undefined ? '' : met ? 'yes' : '**no**',
	]);
	const head = ['work', 'against', 'ratio (least to most)', 'CPU', 'goal', 'met'];
	const width = head.map((title, column) =>
		rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), title.length),
	);
	const text = (row: readonly string[]) =>
		`| ${row.map((cell, column) => cell.padEnd(width[column] ?? 0)).join(' | ')} |`;
	const rule = width.map((length) => '-'.repeat(length));
	return [head, rule, ...rows].map(text).join('\n');
}

function times(ratio: number): string {
	return `${ratio.toFixed(2)} ×`;
}
