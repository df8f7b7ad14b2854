import type { Field } from "./words";

/** Types of connections, each with the values that the service knows for it. */
const OF_TYPE: Record<string, Field[]> = {
  DWS: ["clusterName", "ip", "port", "userName", "password", "sslEnable", "kmsKey", "agentName"],
  DLI: [],
  SparkSQL: ["clusterName", "connectionMethod", "userName", "password", "agentName", "kmsKey"],
  HIVE: ["clusterName", "connectionMethod", "userName", "password", "agentName", "kmsKey"],
  RDS: ["ip", "port", "userName", "password", "kmsKey", "agentName", "driverName", "driverPath"],
  CloudTable: ["clusterName"],
  HOST: ["ip", "port", "userName", "password", "agentName", "kmsKey"],
};

export const TYPES = Object.keys(OF_TYPE);

/** Values of which only some are taken. */
export const CHOICES: Partial<Record<string, string[]>> = {
  sslEnable: ["true", "false"],
  connectionMethod: ["agent", "direct"],
  driverName: ["com.mysql.jdbc.Driver", "org.postgresql.Driver"],
};

const SECRET = /password|secret|kmskey|token|accesskey|privatekey/;

/** Whether a value of that key is never shown. */
export function isSecret(key: string): boolean {
  return SECRET.test(key.replaceAll("_", "").toLowerCase());
}

/** The keys of a form: those of the type, and whatever else a document has. */
export function keysOf(type: string, config: Record<string, unknown>): string[] {
  return [...new Set<string>([...(OF_TYPE[type] ?? []), ...Object.keys(config)])];
}
