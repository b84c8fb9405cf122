import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from "@smithy/core/config";

/** The endpoint that the environment or a profile names: the same sources, in the same order, as the AWS command line. */
export async function configuredEndpoint(profile: string | undefined): Promise<string | undefined> {
	if (process.env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] === "true") return undefined;
	return loadConfig<string | undefined>(
		{
			environmentVariableSelector: (env) =>
				env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || undefined,
			configFileSelector: (section, files) => {
				const services = section["services"];
				const ofS3 =
					services === undefined ? undefined : files?.[`services.${services}`]?.["s3.endpoint_url"];
				return ofS3 || section["endpoint_url"] || undefined;
			},
			default: undefined,
		},
		profile === undefined ? {} : { profile },
	)();
}

/** The file with authorities to trust that the environment or a profile names. */
export async function configuredAuthorities(profile: string | undefined): Promise<string | undefined> {
	return loadConfig<string | undefined>(
		{
			environmentVariableSelector: (env) => env["AWS_CA_BUNDLE"] || undefined,
			configFileSelector: (section) => section["ca_bundle"] || undefined,
			default: undefined,
		},
		profile === undefined ? {} : { profile },
	)();
}

/** The region that the environment or a profile names. */
export async function configuredRegion(profile: string | undefined): Promise<string | undefined> {
	const fromEnvironment = process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"];
	if (fromEnvironment) return fromEnvironment;
	try {
		const options = { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile === undefined ? {} : { profile }) };
		return (await loadConfig(NODE_REGION_CONFIG_OPTIONS, options)()) || undefined;
	} catch {
		return undefined; // said in full where it turns out to be needed
	}
}
