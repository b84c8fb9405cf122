/** One line of the text format of Prometheus, without its time. */
export interface Sample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? +([-+.\dEeInfa]+)(?: +-?\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a file; lines of other kinds are passed over. */
export function readSamples(text: string): readonly Sample[] {
	return text.split("\n").flatMap((line): Sample[] => {
		const [, name, labels = "", number] = LINE.exec(line) ?? [];
		const value = Number(number);
		if (name === undefined || number === undefined || Number.isNaN(value)) return [];
		const pairs = [...labels.matchAll(LABEL)].map(([, label = "", quoted = ""]) => [label, plain(quoted)]);
		return [{ name, labels: Object.fromEntries(pairs), value }];
	});
}

function plain(quoted: string): string {
	return quoted.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
