import { InvalidOptionError } from "../errors.ts";
import { PROVIDER_NAMES, type Provider } from "./providers/provider.ts";
import { GENERIC, PROVIDERS } from "./providers/table.ts";

export type { PartLimits, Provider, ProviderName } from "./providers/provider.ts";
export { PROVIDER_NAMES } from "./providers/provider.ts";

/** @throws {InvalidOptionError} for a name that is not in the table. */
export function providerByName(name: string): Provider {
	const provider = Object.values(PROVIDERS).find((row) => row.name === name);
	if (provider !== undefined) return provider;
	throw new InvalidOptionError(`there is no provider "${name}"; there are ${PROVIDER_NAMES.join(", ")}`);
}

/**
 * The provider behind an endpoint, and its region where the host name tells it. An endpoint nobody knows
 * gets the most careful row; none at all means AWS.
 */
export function providerByEndpoint(endpoint: string | undefined): {
	provider: Provider;
	region?: string | undefined;
} {
	if (endpoint === undefined) return { provider: PROVIDERS.aws };
	const { hostname } = new URL(endpoint);
	for (const provider of Object.values(PROVIDERS)) {
		const match = provider.host?.exec(hostname);
		if (match) return { provider, region: match.groups?.["region"] };
	}
	return { provider: GENERIC };
}

/**
 * The endpoint of a provider.
 *
 * @returns `undefined` for AWS, whose endpoints the SDK knows.
 * @throws {InvalidOptionError} if only the user can know it, or it lacks the region or account.
 */
export function providerEndpoint(
	{ name, endpoint, defaultRegion }: Provider,
	region: string | undefined,
	account: string | undefined,
): string | undefined {
	if (name === "aws") return undefined;
	if (endpoint === undefined) {
		throw new InvalidOptionError(`provider ${name} needs an endpoint, such as http://localhost:9000`);
	}
	return endpoint.replace(/\{(region|account)\}/g, (_, field: string) => {
		const value = field === "region" ? (region ?? defaultRegion) : account;
		if (value === undefined)
			throw new InvalidOptionError(
				`provider ${name} needs ${field === "region" ? "a region" : "an endpoint or account"}`,
			);
		return value;
	});
}
