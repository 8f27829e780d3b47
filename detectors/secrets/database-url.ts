import type { Detector } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { judgeUrlPassword } from '../validators/uri.ts';

const SCHEMES = [
  'mongodb',
  'mongodb+srv',
  'postgres',
  'postgresql',
  'mysql',
  'mysql2',
  'mariadb',
  'redis',
  'rediss',
  'amqp',
  'amqps',
  'mssql',
  'sqlserver',
  'clickhouse',
  'cockroachdb',
  'cassandra',
  'couchbase',
  'couchbases',
  'neo4j',
  'bolt',
  'nats',
  'kafka',
  'db2',
  'oracle',
  'snowflake',
  'influxdb',
  'elasticsearch',
  'memcached',
];
/** Drivers are named after a plus sign: `postgresql+asyncpg`. */
const SCHEME = `(?:${[...SCHEMES]
  .sort((a, b) => b.length - a.length)
  .map((scheme) => scheme.replace('+', '\\+'))
  .join('|')})(?:\\+[a-z0-9]{2,12})?`;
const URL = "'postgres://app:' alnum:16 '@db.shop.internal:5432/orders'";

export default [
  {
    id: 'database-url',
    name: 'Database or queue URL with a password',
    issuer: 'generic',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: 'Change the password of the account and keep the URL in a secret store.',
    source: 'RFC 3986, section 3.2.1',
    triggers: SCHEMES.map((literal) => ({ literal: `${literal}:` })).concat([
      { literal: 'postgresql+' },
      { literal: 'mysql+' },
      { literal: 'mariadb+' },
    ]),
    // Passwords may hold an @ that was not escaped: the last one before the host counts.
    pattern: `${SCHEME}://(?P<user>[^\\x00-\\x20:/?#@"'<>]{0,80}):(?P<password>[^\\x00-\\x20/?#"'<>\\x60]{1,120}|[^\\x00-\\x20"'<>\\x60@]{1,120})@(?P<host>[0-9A-Za-z_.-]{1,200}|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?(?:,[0-9A-Za-z_.:-]{1,300})?(?:/[0-9A-Za-z_.%-]{0,100})?(?:\\?[0-9A-Za-z_.%=&+-]{0,200})?`,
    maxLength: 1000,
    edges: { left: 'word', right: 'none' },
    validate: (_value, groups) => judgeUrlPassword(groups.user ?? '', groups.password ?? '', groups.host ?? ''),
    bits: 5,
    examples: [
      URL,
      inside('DATABASE_URL="', URL, '"\n'),
      "'mongodb+srv://user:' alnum:14 '@cluster0.abcde.mongodb.net/?retryWrites=true'",
      "'redis://:' base64:43 '=@cache.shop.internal:6380'",
      "'amqps://robot:' alnum:12 '@10.1.2.3:5671/vhost'",
      "'mysql://app:' alnum:6 '%40' alnum:6 '@db.shop.internal/orders'",
      "'mysql://app:' alnum:6 '@' alnum:6 '@db.shop.internal/orders'",
      "'postgresql+asyncpg://app:' alnum:16 '@db.shop.internal/orders'",
    ],
    counterExamples: {
      'no password': "'postgres://app@db.shop.internal:5432/orders'",
      'a variable for the password': "'postgres://app:$' '{DB_PASSWORD}@db.shop.internal/orders'",
      'a word of documentation': "'mongodb://user:password@host:27017/db'",
      'a name for a password': "'postgres://someuser:somepassword@somehost:381/orders'",
      'letters over and over': "'redis://user:xxxxxxxxxxxx@host:6379'",
      'a password in angle brackets': "'mongodb+srv://user:<password>@cluster0.mongodb.net'",
      'no user information': "'postgresql://localhost:5432/orders'",
    },
  },
  {
    id: 'oracle-jdbc-password',
    name: 'Oracle JDBC URL with a password',
    issuer: 'generic',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: 'Change the password of the account and keep the URL in a secret store.',
    triggers: [{ literal: 'jdbc:oracle:' }],
    pattern:
      'jdbc:oracle:(?:thin|oci8?):(?P<user>[^\\x00-\\x20/@:"\'<>]{1,60})/(?P<password>[^\\x00-\\x20/"\'<>\\x60]{1,120})@(?://)?(?P<host>[0-9A-Za-z_.-]{1,200})',
    maxLength: 420,
    edges: 'none',
    validate: (_value, groups) => judgeUrlPassword(groups.user ?? '', groups.password ?? '', groups.host ?? ''),
    bits: 5,
    examples: ["'jdbc:oracle:thin:app/' alnum:12 '@db.shop.internal:1521:orders'"],
    counterExamples: {
      'no password': "'jdbc:oracle:thin:@db.shop.internal:1521:orders'",
      'a variable': "'jdbc:oracle:thin:app/$' '{DB_PASSWORD}@db.shop.internal:1521:orders'",
      'a word of documentation': "'jdbc:oracle:thin:user/password@db.shop.internal:1521:orders'",
    },
  },
] satisfies Detector[];
