/** One of Jest's `setupFiles`: the official clients warn in every file of a Node that we support. */
const { warn } = console;

console.warn = (...words: unknown[]) => {
	if (!String(words[0]).includes('Node.js 20 and below are deprecated')) warn(...words);
};
