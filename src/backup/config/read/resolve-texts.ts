import { isObject } from "../../../options/kinds.ts";
import { type ConfigPath, type ConfigProblem, showPath } from "../problems.ts";
import { expand } from "./expand.ts";
import { readSecretFile } from "./secret-file.ts";
import { insteadOf, namesSecret, secretFlaw, secretKindOf } from "./secrets.ts";

/** Mappings and lists inside each other: more than any config has, fewer than a stack. */
const MOST_DEEP = 32;

/** Where texts come from. */
export interface TextContext {
	readonly env: NodeJS.ProcessEnv;
	/** Of the config. */
	readonly directory: string;
	/** Whether the config is a program, which can look variables up itself. */
	readonly program: boolean;
}

/** A config with variables and files in place of their names. */
export interface ResolvedTexts {
	readonly data: unknown;
	/** Paths of texts that variables are in. */
	readonly expanded: ReadonlySet<string>;
	readonly secrets: readonly string[];
	readonly problems: readonly ConfigProblem[];
	readonly warnings: readonly ConfigProblem[];
}

export function resolveTexts(data: unknown, context: TextContext): ResolvedTexts {
	const expanded = new Set<string>();
	const secrets: string[] = [];
	const problems: ConfigProblem[] = [];
	const warnings: ConfigProblem[] = [];
	const ofEnvironment = new Set(Object.values(context.env).filter((value) => value !== ""));

	function resolveText(written: string, path: ConfigPath): string {
		const kind = secretKindOf(path);
		const place = showPath(path);
		const looked = context.program && ofEnvironment.has(written);
		const flaw = looked ? undefined : secretFlaw(written, kind);
		if (flaw !== undefined || (looked && kind !== undefined)) secrets.push(...shapesOf(written));
		if (flaw !== undefined) {
			problems.push({
				path,
				text: `${place} ${flaw} that everybody sees who sees this file; ${insteadOf(kind)}`,
			});
			return written;
		}
		if (looked) return written;
		const { text, varies, values, problems: unset } = expand(written, path, context.env);
		problems.push(...unset);
		if (varies) expanded.add(place);
		for (const [name, value] of values)
			if (kind !== undefined || namesSecret(name)) secrets.push(...shapesOf(value));
		if (kind === undefined || unset.length > 0) return text;
		const secret = text.startsWith("file:") ? contentOf(text, path) : text;
		if (values.size > 0 || secret !== written) secrets.push(...shapesOf(secret));
		return secret;
	}

	function contentOf(reference: string, path: ConfigPath): string {
		const found = readSecretFile(reference, context.directory);
		if ("problem" in found) {
			problems.push({ path, text: `${showPath(path)} ${found.problem}` });
			return reference;
		}
		if (found.warning !== undefined) warnings.push({ path, text: `${showPath(path)}: ${found.warning}` });
		return found.text;
	}

	function resolve(value: unknown, path: ConfigPath): unknown {
		if (typeof value === "string") return resolveText(value, path);
		if (!isObject(value) || !isPlain(value)) return value;
		if (path.length > MOST_DEEP) {
			problems.push({ path, text: `${showPath(path.slice(0, 3))}… is nested too deeply` });
			return undefined;
		}
		if (Array.isArray(value)) return value.map((item, index) => resolve(item, [...path, index]));
		return Object.fromEntries(
			Object.entries(value).map(([key, item]) => [key, resolve(item, [...path, key])]),
		);
	}

	return { data: resolve(data, []), expanded, secrets, problems, warnings };
}

/** What JSON could hold; anything else is for the checks to refuse. */
function isPlain(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Shorter ones are no secrets by themselves: they occur in any text. */
const SHORTEST_PART = 8;

/** Addresses of those who are told; a password may look like one of another kind. */
const TOLD = /^(https?|smtps?):$/;

/**
 * A secret, or what is secret of an address: its password, and what is behind its host. Not the host, which says who it
 * is about.
 */
function shapesOf(secret: string): readonly string[] {
	if (!URL.canParse(secret)) return [secret];
	const { protocol, username, password, pathname, search, hash } = new URL(secret);
	const parts = [
		password,
		decoded(password),
		username === "" ? "" : `${username}:${password}`,
		pathname.slice(1),
		search,
		hash,
	].filter((part) => part !== "");
	if (!TOLD.test(protocol)) return [secret, ...parts];
	const telling = parts.filter((part) => part.length >= SHORTEST_PART);
	return telling.length > 0 ? telling : [secret];
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
