/** Reads that the REST service of the local stack answers otherwise than the real one, and why. */
export const liteDiffers: Readonly<Record<string, string>> = Object.fromEntries(
	(
		[
			[
				'A timestamptz comes with a blank and without minutes of its zone',
				[
					'select: all',
					'select: star',
					'select: star plus column',
					'select: star plus alias',
					'select: empty select',
					'select: js select star',
				],
			],
			[
				'Quoted names with quotes or dots, and letters beyond ASCII, are not read',
				[
					'select: odd column: quote backslash-escaped',
					'select: odd column: umlaut',
					'select: odd filter: quote',
					'select: odd filter: in or',
					'select: odd order: dot quoted',
					'filter: json path quoted key',
				],
			],
			[
				'A JSON path is not read on a column of text, or inside a related table',
				['select: json path on text column', 'embed: json path in embed'],
			],
			[
				'A related table in a condition, an order by its columns, or a spread in a spread is not understood',
				['embed: or across embeds', 'embed: spread nested', 'embed: order by to-one'],
			],
			['All columns beside an aggregate are not grouped by', ['aggregate: star with agg']],
			[
				'Quotes around a whole value are dropped, where the real service compares them',
				['filter: eq quoted (literal quotes)'],
			],
			[
				'The text null is taken for NULL',
				[
					'filter: eq null string',
					'filter: in null',
					'filter: in quoted null',
					'filter: or in',
					'filter: js match obj null',
				],
			],
			['t is no true', ['filter: eq bool t']],
			[
				'In a list of patterns * does not stand for any text',
				['filter: like any', 'filter: like all', 'filter: ilike any', 'filter: or like any'],
			],
			[
				'isdistinct finds other rows',
				['filter: isdistinct', 'filter: or isdistinct', 'filter: js isDistinct'],
			],
			['A JSON array is not read as JSON', ['filter: cs jsonb array']],
			[
				'Escaped quotes and backslashes inside a group are not read',
				['filter: eq any quoted', 'filter: or quoted escaped', 'filter: or jsonb literal'],
			],
		] as const
	).flatMap(([why, cases]) => cases.map((name) => [name, why] as const)),
);
