/** One character of a screen, and how it looks. */
export interface Cell {
	readonly character: string;
	/** Parameters of SGR that are in force: `1` is bold, `32` green. */
	readonly style: string;
}

const EMPTY: Cell = { character: " ", style: "" };
const ESCAPE = "\x1b";
/** What a program may write behind an escape: 7 and 8, and control sequences. */
const SEQUENCE = /^(?:[78]|\[(?<parameters>[?\d;]*)(?<final>[A-Za-z]))/;

/**
 * A terminal as far as zipferry makes use of one.
 *
 * @throws {Error} for a sequence that it does not know: a recording must not be wrong in silence.
 */
export class Screen {
	readonly #columns: number;
	#rows: Cell[][] = [[]];
	#row = 0;
	#column = 0;
	#saved: readonly [row: number, column: number] = [0, 0];
	#style = "";
	#wraps = true;
	/** The beginning of a sequence whose rest has not come yet. */
	#begun = "";

	constructor(columns: number) {
		this.#columns = columns;
	}

	get rows(): readonly (readonly Cell[])[] {
		return this.#rows.map((row) => [...row]);
	}

	write(text: string): void {
		let rest = this.#begun + text;
		this.#begun = "";
		while (rest !== "") {
			const [whole, parameters, final] = sequenceAt(rest);
			if (whole === undefined && rest.startsWith(ESCAPE) && rest.length < 20) {
				this.#begun = rest;
				return;
			}
			const taken = whole ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
			rest = rest.slice(taken.length);
			if (whole === undefined) this.#put(taken);
			else this.#obey(whole, parameters ?? "", final);
		}
	}

	#put(character: string): void {
		if (character === "\r") this.#column = 0;
		else if (character === "\n") this.#moveTo(this.#row + 1, this.#column);
		else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
		else if (character < " ") throw new Error(`unknown control character ${JSON.stringify(character)}`);
		else {
			if (this.#column >= this.#columns) {
				if (this.#wraps) this.#moveTo(this.#row + 1, 0);
				else this.#column = this.#columns - 1;
			}
			const row = this.#rows[this.#row] ?? [];
			while (row.length < this.#column) row.push(EMPTY);
			row[this.#column] = { character, style: this.#style };
			this.#column += 1;
		}
	}

	#obey(whole: string, parameters: string, final: string | undefined): void {
		const count = Number(parameters === "" ? 1 : parameters);
		if (whole === `${ESCAPE}7`) this.#saved = [this.#row, this.#column];
		else if (whole === `${ESCAPE}8`) this.#moveTo(...this.#saved);
		else if (final === "A") this.#moveTo(Math.max(0, this.#row - count), this.#column);
		else if (final === "B") this.#moveTo(this.#row + count, this.#column);
		else if (final === "G") this.#column = count - 1;
		else if (final === "K") this.#eraseLine(parameters);
		else if (final === "J" && ["", "0"].includes(parameters)) this.#eraseBelow();
		else if (final === "m") this.#style = ["", "0"].includes(parameters) ? "" : parameters;
		else if (parameters === "?7") this.#wraps = final === "h";
		else if (parameters !== "?25") throw new Error(`unknown sequence ${JSON.stringify(whole)}`);
	}

	#moveTo(row: number, column: number): void {
		this.#row = row;
		this.#column = column;
		while (this.#rows.length <= row) this.#rows.push([]);
	}

	#eraseLine(which: string): void {
		const row = this.#rows[this.#row] ?? [];
		if (which === "2") row.length = 0;
		else if (which === "" || which === "0") row.length = Math.min(row.length, this.#column);
		else throw new Error(`unknown way to erase a line: ${which}`);
	}

	#eraseBelow(): void {
		this.#eraseLine("0");
		this.#rows.length = this.#row + 1;
	}
}

function sequenceAt(text: string): readonly (string | undefined)[] {
	const found = text.startsWith(ESCAPE) ? SEQUENCE.exec(text.slice(1)) : null;
	if (found === null) return [];
	return [`${ESCAPE}${found[0]}`, found.groups?.["parameters"], found.groups?.["final"]];
}
