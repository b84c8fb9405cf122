import { checkCredentials } from "../s3/credentials.ts";
import { type Check, fail, pass, warn } from "./finding.ts";

/** The source of credentials in words, by the name that the SDK gives it; the first match counts. */
const SOURCES: readonly (readonly [pattern: RegExp, words: string])[] = [
	[/_SSO/, "single sign-on"],
	[/_WEB_ID/, "a web identity token"],
	[/_ASSUME_ROLE/, "an assumed role"],
	[/_PROCESS/, "the credential process of the profile"],
	[/_PROFILE/, "the shared AWS files"],
	[/_ENV_VARS/, "the environment"],
	[/_HTTP/, "the container's service"],
	[/_IMDS/, "the instance's service"],
	[/_LOGIN/, "aws login"],
];

const SOON_MS = 15 * 60_000;

export const credentialsCheck: Check = {
	name: "credentials",
	essential: true,
	async run({ connection: { client }, trial }) {
		await checkCredentials(client, trial.signal);
		const identity = await client.config.credentials();
		const { accessKeyId, expiration } = identity;
		// Part of the type the SDK gives its own providers; others may not have it.
		const features = Object.keys((identity as { readonly $source?: object }).$source ?? {}).join(" ");
		const source = SOURCES.find(([pattern]) => pattern.test(features))?.[1] ?? "the client";
		const key = `…${accessKeyId.slice(-4)}`;
		const facts = { source, accessKeyEnd: accessKeyId.slice(-4), expires: expiration?.toISOString() };
		const what = `from ${source}, access key ${key}`;
		if (expiration === undefined) return pass(what, facts);
		const left = expiration.getTime() - Date.now();
		const when = `${what}, valid until ${expiration.toISOString()}`;
		if (left <= 0) return fail(when, "get new ones", facts);
		const advice = "a longer upload needs credentials that can be renewed while it runs";
		return left < SOON_MS ? warn(when, advice, facts) : pass(when, facts);
	},
};
