/** Names of the variables that tell where a service is: Kubernetes sets some for each service of the namespace, in every container. */
const NAME =
	/_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z\d_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
/** What a variable whose name may also be that of an option is told by. */
const ADDRESS = /^(?:tcp|udp|sctp):\/\//;

/**
 * Whether a variable is of a service and not of an option: for a service called `zipferry`, Kubernetes sets
 * `ZIPFERRY_PORT=tcp://10.0.0.1:8080`, `ZIPFERRY_SERVICE_HOST` and others.
 */
export function isServiceLink(name: string, env: Readonly<Record<string, string | undefined>>): boolean {
	return NAME.test(name) || (name.endsWith("_PORT") && ADDRESS.test(env[name] ?? ""));
}
