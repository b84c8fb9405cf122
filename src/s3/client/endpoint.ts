import { isIP } from "node:net";
import { InvalidOptionError } from "../../errors.ts";
import { fitsHostName, isAccessPoint, regionOfBucket } from "../bucket-name.ts";
import { isHostLabel } from "../errors/sdk-error.ts";
import type { ConnectOptions } from "../options.ts";
import { type Provider, providerByEndpoint, providerByName, providerEndpoint } from "../providers.ts";
import { configuredEndpoint, configuredRegion } from "./configured.ts";
import type { Target } from "./proxies/no-proxy.ts";

/** What was said of where the storage is; all else comes from the environment and the profile. */
export type WantedEndpoint = Pick<
	ConnectOptions,
	"endpoint" | "region" | "profile" | "provider" | "pathStyle" | "account"
>;

/** Where requests go. */
export interface StorageEndpoint {
	readonly provider: Provider;
	/** `undefined` for AWS. */
	readonly endpoint: string | undefined;
	readonly signingRegion: string;
	/** Bucket in the path instead of the host name. */
	readonly pathStyle: boolean;
}

/**
 * Finds out where requests go, from what was said, the environment, the profile and the provider, in this order.
 *
 * @throws {InvalidOptionError} for an endpoint that is no URL, or if the region is missing.
 */
export async function findEndpoint(wanted: WantedEndpoint, bucket: string): Promise<StorageEndpoint> {
	const named = wanted.provider === undefined ? undefined : providerByName(wanted.provider);
	const configured = textOf(wanted.endpoint) ?? (await configuredEndpoint(wanted.profile));
	const region = regionOfBucket(bucket) ?? wanted.region ?? (await configuredRegion(wanted.profile));
	checkHostLabel("region", region, "eu-central-1", ["AWS_REGION", "the profile"]);
	checkHostLabel("account", wanted.account, "4f2a9c", []);
	const endpoint = configured ?? (named && providerEndpoint(named, region, wanted.account));
	checkEndpoint(endpoint);
	const recognised = providerByEndpoint(endpoint);
	const provider = named ?? recognised.provider;
	const signingRegion = region ?? recognised.region ?? provider.defaultRegion;
	if (signingRegion === undefined) {
		throw new InvalidOptionError(`no region is set for provider ${provider.name}`, {
			advice: { kind: "set-option", option: "region", variable: "AWS_REGION", example: "eu-central-1" },
		});
	}
	const pathStyle = wanted.pathStyle ?? needsPathStyle(provider, endpoint, bucket);
	if (pathStyle && isAccessPoint(bucket))
		throw new InvalidOptionError("pathStyle is not for access points, which have a host name of their own", {
			option: "pathStyle",
			rule: "is not for access points, which have a host name of their own",
		});
	if (endpoint !== undefined && isAccessPoint(bucket) && hasAddress(endpoint))
		throw new InvalidOptionError(
			`the endpoint "${endpoint}" is an IP address, which the name of an access point cannot be put in front of`,
		);
	return { provider, endpoint, signingRegion, pathStyle };
}

/** Whether it names its host by an IP address. */
function hasAddress(endpoint: string): boolean {
	return isIP(new URL(endpoint).hostname.replace(/^\[|\]$/g, "")) !== 0;
}

/** A URL of no path is written with a slash, which an endpoint does not end in. */
function textOf(endpoint: string | URL | undefined): string | undefined {
	return endpoint instanceof URL ? endpoint.href.replace(/\/$/, "") : endpoint;
}

/** Regions and accounts become part of the host that requests are sent to. */
function checkHostLabel(
	what: "region" | "account",
	value: string | undefined,
	example: string,
	places: readonly string[],
): void {
	if (value === undefined || isHostLabel(value)) return;
	throw new InvalidOptionError(`the ${what} "${value.slice(0, 100)}" is no name like ${example}`, {
		advice: { kind: "check-option", option: what, places },
	});
}

function checkEndpoint(endpoint: string | undefined): void {
	if (endpoint === undefined) return;
	const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		const shown = endpoint.replace(/^.*@/s, "…@");
		throw new InvalidOptionError(`the endpoint "${shown}" is no URL like https://s3.example.com`);
	}
	if (url.username !== "" || url.password !== "")
		throw new InvalidOptionError(
			"the endpoint has credentials in it, which end up in logs; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead",
		);
}

/** Host names with a bucket in front exist only where there is DNS and a certificate for them. */
function needsPathStyle(provider: Provider, endpoint: string | undefined, bucket: string): boolean {
	if (isAccessPoint(bucket)) return false;
	if (provider.pathStyle || !fitsHostName(bucket)) return true;
	if (endpoint === undefined) return false;
	return !new URL(endpoint).hostname.includes(".") || hasAddress(endpoint);
}

/** The host that requests are for, as far as it is known before the bucket takes its place in it. */
export function targetOf({ endpoint, signingRegion }: StorageEndpoint): Target {
	const { protocol, hostname, port } = new URL(endpoint ?? `https://s3.${signingRegion}.amazonaws.com`);
	const secure = protocol === "https:";
	return { protocol: secure ? "https:" : "http:", hostname, port: Number(port) || (secure ? 443 : 80) };
}
