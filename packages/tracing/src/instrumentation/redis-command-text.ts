/** What is known of an argument: drivers give texts, bytes and numbers. */
type Argument = unknown;

/** Commands whose first argument is a key. Of others the name alone is told. */
const keyedCommands = new Set(
  `append bitcount bitfield bitop bitpos blpop brpop decr decrby del dump exists expire expireat expiretime geoadd
   geodist geohash geopos geosearch get getbit getdel getex getrange getset hdel hexists hexpire hget hgetall hincrby
   hincrbyfloat hkeys hlen hmget hmset hpexpire hrandfield hscan hset hsetnx hstrlen httl hvals incr incrby
   incrbyfloat lindex linsert llen lmove lpop lpos lpush lpushx lrange lrem lset ltrim mget mset msetnx persist
   pexpire pexpireat pfadd pfcount psetex pttl rename renamenx rpop rpush rpushx sadd scard sdiff set setbit setex
   setnx setrange sinter sismember smembers smismember smove spop srandmember srem sscan strlen sunion touch ttl type
   unlink xack xadd xautoclaim xclaim xdel xlen xpending xrange xrevrange xtrim zadd zcard zcount zincrby zlexcount
   zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrank zrem zremrangebylex zremrangebyrank
   zremrangebyscore zrevrange zrevrangebyscore zrevrank zscan zscore`.split(/\s+/),
);
const scripts = new Set(['eval', 'evalsha', 'eval_ro', 'evalsha_ro', 'fcall', 'fcall_ro']);

/**
 * `db.query.text` of a command: its name, and the first part of its first key, such as `GET session:*`. The rest of a
 * key is often an id, and other arguments are values; neither is told.
 */
export function redisCommandText(command: string, args: readonly Argument[]): string {
  const key = firstKey(command.toLowerCase(), args);
  return key === undefined ? command : `${command} ${keyPattern(key)}`;
}

function firstKey(command: string, args: readonly Argument[]): string | undefined {
  const key = scripts.has(command)
    ? Number(args[1]) > 0 && args[2]
    : keyedCommands.has(command) && firstOf(args);
  return typeof key === 'string' || Buffer.isBuffer(key) ? key.toString() : undefined;
}

/** Drivers take keys one by one, or as a list. */
function firstOf([first]: readonly Argument[]): Argument {
  return Array.isArray(first) ? first[0] : first;
}

function keyPattern(key: string): string {
  const [, prefix] = /^\{?([a-z][a-z_-]{0,31})\}?[:/.]/i.exec(key) ?? [];
  return prefix === undefined ? '*' : `${prefix}:*`;
}
