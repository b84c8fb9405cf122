const WIDE = /\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const TOKEN = /\x1b\[(\??)(\d*)([A-Za-z])|\x1b\]size;(\d+)\x07|\x1b[\s\S]|[\s\S]/gu;

/** One row; `goesOn` if it was too long for one, and the next is the rest of it. */
interface Row {
	text: string;
	goesOn: boolean;
}

/**
 * What a terminal shows after some output. It breaks lines that get too long, and puts together and breaks anew when its
 * width changes, as most do. Knows the sequences that zipferry may use, and refuses all others.
 */
export class TerminalScreen {
	#columns: number;
	#rows: Row[] = [{ text: "", goesOn: false }];
	#row = 0;
	/** Characters of the row before the cursor; a wide one counts once. */
	#column = 0;
	#wraps = true;

	constructor(columns: number) {
		this.#columns = columns;
	}

	/** The lines, as they would be read. */
	get lines(): string[] {
		return this.#rows.map(({ text }) => text.trimEnd());
	}

	write(output: string): void {
		for (const [token, isPrivate, count = "", final, size] of output.matchAll(TOKEN)) {
			if (size !== undefined) this.#resize(Number(size));
			else if (final !== undefined) this.#control(`${isPrivate}${final}`, count);
			else if (token === "\r") this.#column = 0;
			else if (token === "\n") this.#down(false);
			else if (token < " ") throw new Error(`unexpected ${JSON.stringify(token)}`);
			else this.#put(token);
		}
	}

	#control(name: string, count: string): void {
		if (name === "K" && count === "") this.#eraseRest();
		else if (name === "J" && count === "") {
			this.#eraseRest();
			this.#rows.length = this.#row + 1;
		} else if (name === "A") this.#row = Math.max(0, this.#row - Number(count || 1));
		else if (name === "?l" && count === "7") this.#wraps = false;
		else if (name === "?h" && count === "7") this.#wraps = true;
		else throw new Error(`unexpected ${count}${name}`);
	}

	#eraseRest(): void {
		const row = this.#current;
		row.text = [...row.text].slice(0, this.#column).join("");
		row.goesOn = false;
	}

	#put(character: string): void {
		const before = [...this.#current.text].slice(0, this.#column);
		if (widthOf(before.join("")) + widthOf(character) > this.#columns) {
			if (!this.#wraps) return;
			this.#current.goesOn = true;
			this.#down(true);
		}
		const row = [...this.#current.text.padEnd(this.#column)];
		row[this.#column] = character;
		this.#current.text = row.join("");
		this.#column += 1;
	}

	#down(toStart: boolean): void {
		this.#row += 1;
		if (toStart) this.#column = 0;
		this.#rows[this.#row] ??= { text: "", goesOn: false };
	}

	#resize(columns: number): void {
		const cursor = { row: this.#row, column: this.#column };
		const old = this.#rows;
		this.#columns = columns;
		this.#rows = [];
		for (let index = 0; index < old.length; index += 1) {
			let text = old[index]?.text ?? "";
			let at = cursor.row === index ? cursor.column : undefined;
			while (old[index]?.goesOn === true) {
				index += 1;
				if (cursor.row === index) at = [...text].length + cursor.column;
				text += old[index]?.text ?? "";
			}
			this.#addLine(text, at);
		}
	}

	#addLine(text: string, cursor: number | undefined): void {
		let row: Row = { text: "", goesOn: false };
		this.#rows.push(row);
		for (const [index, character] of [...text].entries()) {
			if (widthOf(row.text) + widthOf(character) > this.#columns) {
				row.goesOn = true;
				row = { text: "", goesOn: false };
				this.#rows.push(row);
			}
			if (index === cursor) this.#moveTo(row);
			row.text += character;
		}
		if (cursor === [...text].length) this.#moveTo(row);
	}

	#moveTo(row: Row): void {
		this.#row = this.#rows.length - 1;
		this.#column = [...row.text].length;
	}

	get #current(): Row {
		const row = this.#rows[this.#row];
		if (row === undefined) throw new Error("the cursor left the screen");
		return row;
	}
}

/** Columns that a text takes. */
export function widthOf(text: string): number {
	return [...text].reduce((columns, character) => columns + (WIDE.test(character) ? 2 : 1), 0);
}
