import { S3Error } from "../errors.ts";

/** The parameters of a request's query, decoded once. */
export class Query {
	readonly #values = new Map<string, string[]>();

	/** @param text - What stands after the `?`. */
	constructor(text: string) {
		for (const pair of text.split("&")) {
			if (pair === "") continue;
			const separator = pair.indexOf("=");
			const name = decode(separator < 0 ? pair : pair.slice(0, separator));
			const value = separator < 0 ? "" : decode(pair.slice(separator + 1));
			this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
		}
	}

	get names(): string[] {
		return [...this.#values.keys()];
	}

	has(name: string): boolean {
		return this.#values.has(name);
	}

	get(name: string): string | undefined {
		return this.#values.get(name)?.[0];
	}

	/** A whole number from `minimum` on. */
	integer(name: string, minimum: number): number | undefined {
		const text = this.get(name);
		if (text === undefined || text === "") return undefined;
		const value = Number(text);
		if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < minimum) {
			throw new S3Error(
				"InvalidArgument",
				`Provided ${name} is not an integer or not within the valid range`,
				{
					ArgumentName: name,
					ArgumentValue: text,
				},
			);
		}
		return value;
	}

	/** All parameters but the named ones, in the shape the SDK's signer takes. */
	except(names: ReadonlySet<string>): Record<string, string | string[]> {
		return Object.fromEntries(
			[...this.#values]
				.filter(([name]) => !names.has(name))
				.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
		);
	}
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text.replaceAll("+", "%20"));
	} catch (cause) {
		throw Object.assign(new S3Error("InvalidURI", "Couldn't parse the specified URI."), { cause });
	}
}
