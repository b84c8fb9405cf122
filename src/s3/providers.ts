import { GiB, MiB } from "../bytes/units.ts";
import { InvalidOptionError } from "../errors.ts";

const TiB = 1024 * GiB;

/** The limits of a storage. */
export interface PartLimits {
	/** Smallest part but the last, bytes. */
	readonly minPartSize: number;
	/** Largest part, bytes. */
	readonly maxPartSize: number;
	readonly maxPartCount: number;
	/** Largest object, bytes. */
	readonly maxObjectSize: number;
}

/** How to talk to one kind of storage. A provider is data; nothing else in the code knows its name. */
export interface Provider {
	readonly name: ProviderName;
	/** Endpoint, with `{region}` and `{account}` to fill in; absent where only the user knows it. */
	readonly endpoint?: string;
	/** Recognises its endpoints by host name; the group `region` is the region, if the name tells it. */
	readonly host?: RegExp;
	readonly defaultRegion?: string;
	/** Bucket in the path instead of the host name. */
	readonly pathStyle: boolean;
	/** Takes `x-amz-checksum-*` headers, checks them and keeps them with the object. */
	readonly checksums: boolean;
	/**
	 * Whether it keeps tags of objects. Where that is not sure, the object has to show them: Ceph drops those of an upload in
	 * parts without a word.
	 */
	readonly objectTags: "kept" | "unsure" | "none";
	/** Takes parts of different sizes in one upload; others want all but the last to be equal. */
	readonly unequalParts: boolean;
	/**
	 * Whether the numbers of an upload's parts may have gaps. AWS wants them to follow each other from 1 if the upload has checksums
	 * besides its MD5s. `"unsure"`: nobody has tried.
	 */
	readonly partGaps: "taken" | "refused-with-checksums" | "refused" | "unsure";
	/** Complete may leave out parts that were uploaded; Ceph wants every one of them. */
	readonly completesSubset: boolean;
	/**
	 * Whether PutObject takes `If-None-Match` and `If-Match`, and refuses what they do not hold for. Where that is not sure,
	 * it has to be tried: some take no notice of them.
	 */
	readonly conditionalPut: "yes" | "unsure" | "no";
	readonly limits: PartLimits;
}

/** Kinds of storage whose limits and habits are known; `"generic"` is treated with the most care. */
export type ProviderName = (typeof PROVIDER_NAMES)[number];

export const PROVIDER_NAMES = [
	"aws",
	"linode",
	"minio",
	"ceph",
	"r2",
	"b2",
	"wasabi",
	"spaces",
	"scaleway",
	"generic",
] as const;

/** 10,000 parts of 5 MiB to 5 GiB, objects of up to 5 TiB: what nearly every storage takes. */
const COMMON: PartLimits = {
	minPartSize: 5 * MiB,
	maxPartSize: 5 * GiB,
	maxPartCount: 10_000,
	maxObjectSize: 5 * TiB,
};

const GENERIC: Provider = {
	name: "generic",
	defaultRegion: "us-east-1",
	pathStyle: true,
	checksums: false,
	objectTags: "unsure",
	unequalParts: false,
	partGaps: "unsure",
	completesSubset: true,
	conditionalPut: "unsure",
	limits: COMMON,
};

const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
	aws: {
		name: "aws",
		host: /(^|\.)s3[.-]((dualstack|fips)\.)?((?<region>[a-z0-9-]+)\.)?amazonaws\.com(\.cn)?$/,
		pathStyle: false,
		checksums: true,
		objectTags: "kept",
		unequalParts: true,
		partGaps: "refused-with-checksums",
		completesSubset: true,
		conditionalPut: "yes",
		limits: { ...COMMON, maxObjectSize: 10_000 * 5 * GiB }, // 48.8 TiB
	},
	linode: {
		name: "linode",
		endpoint: "https://{region}.linodeobjects.com",
		host: /(^|\.)(?<region>[a-z0-9-]+)\.linodeobjects\.com$/,
		defaultRegion: "us-east-1",
		pathStyle: false,
		checksums: false,
		objectTags: "unsure",
		unequalParts: true,
		partGaps: "taken",
		completesSubset: false,
		conditionalPut: "unsure",
		limits: COMMON,
	},
	minio: { ...GENERIC, name: "minio", unequalParts: true, partGaps: "taken", conditionalPut: "yes" },
	// On buckets that keep versions it takes no notice of If-None-Match, and If-Match never holds.
	ceph: { ...GENERIC, name: "ceph", unequalParts: true, partGaps: "taken", completesSubset: false },
	r2: {
		name: "r2",
		endpoint: "https://{account}.r2.cloudflarestorage.com",
		host: /\.r2\.cloudflarestorage\.com$/,
		defaultRegion: "auto",
		pathStyle: true,
		checksums: false,
		objectTags: "none",
		unequalParts: false,
		partGaps: "unsure",
		completesSubset: true,
		conditionalPut: "yes",
		limits: COMMON,
	},
	b2: {
		name: "b2",
		endpoint: "https://s3.{region}.backblazeb2.com",
		host: /(^|\.)s3\.(?<region>[a-z0-9-]+)\.backblazeb2\.com$/,
		pathStyle: false,
		checksums: false,
		objectTags: "none",
		unequalParts: true,
		partGaps: "unsure",
		completesSubset: true,
		conditionalPut: "no",
		limits: { ...COMMON, maxObjectSize: 10 * 1000 ** 4 },
	},
	wasabi: {
		name: "wasabi",
		endpoint: "https://s3.{region}.wasabisys.com",
		host: /(^|\.)s3\.((?<region>[a-z0-9-]+)\.)?wasabisys\.com$/,
		defaultRegion: "us-east-1",
		pathStyle: false,
		checksums: false,
		objectTags: "unsure",
		unequalParts: true,
		partGaps: "unsure",
		completesSubset: true,
		conditionalPut: "unsure",
		limits: COMMON,
	},
	spaces: {
		name: "spaces",
		endpoint: "https://{region}.digitaloceanspaces.com",
		host: /(^|\.)(?<region>[a-z0-9-]+)\.digitaloceanspaces\.com$/,
		pathStyle: false,
		checksums: false,
		objectTags: "unsure",
		unequalParts: true,
		partGaps: "taken",
		completesSubset: false,
		conditionalPut: "unsure",
		limits: COMMON,
	},
	scaleway: {
		name: "scaleway",
		endpoint: "https://s3.{region}.scw.cloud",
		host: /(^|\.)s3\.(?<region>[a-z0-9-]+)\.scw\.cloud$/,
		pathStyle: false,
		checksums: false,
		objectTags: "unsure",
		unequalParts: true,
		partGaps: "unsure",
		completesSubset: true,
		conditionalPut: "unsure",
		limits: { ...COMMON, maxPartCount: 1_000 },
	},
	generic: GENERIC,
};

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
