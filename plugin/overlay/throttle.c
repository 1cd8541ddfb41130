/* Token buckets as the time at which each will be full again (the generic cell rate algorithm): one number a bucket,
 * and a bucket that is full need not be kept. */
#include "throttle.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NANOSECONDS UINT64_C(1000000000)
#define WAYS 8 /* places in which a bucket may stand */
#define LEVELS 2

struct bucket {
	uint64_t tag;
	uint64_t full_at; /* nanoseconds; what is in the past is a full bucket, and a free place */
};

struct lk_throttle {
	unsigned char key[LK_THROTTLE_KEY];
	struct bucket all;
	size_t sets;
	struct bucket buckets[];
};

/* --- rates -------------------------------------------------------------------------------------------------------- */

/* Digits from *TEXT on, without a zero in front; *TEXT is then behind them. */
static bool read_number(const char **text, const char *end, unsigned most, unsigned *ret_number)
{
	const char *begin = *text;
	unsigned number = 0;

	for (; *text < end && **text >= '0' && **text <= '9'; (*text)++) {
		number = number * 10 + (unsigned)(**text - '0');
		if (number > most)
			return false;
	}
	if (*text == begin || *begin == '0')
		return false;
	*ret_number = number;
	return true;
}

bool lk_rate_parse(const struct berval *text, struct lk_rate *ret_rate)
{
	const char *at = text->bv_val, *end = at + text->bv_len;
	struct lk_rate rate;

	if (text->bv_len == 1 && *at == '0') {
		*ret_rate = (struct lk_rate){0, 0};
		return true;
	}
	if (!read_number(&at, end, LK_RATE_COUNT_MAX, &rate.count) || at == end || *at++ != '/')
		return false;
	if (!read_number(&at, end, LK_RATE_SECONDS_MAX, &rate.seconds) || at != end)
		return false;
	*ret_rate = rate;
	return true;
}

void lk_rate_format(const struct lk_rate *rate, char ret_text[LK_RATE_TEXT])
{
	if (rate->count == 0)
		snprintf(ret_text, LK_RATE_TEXT, "0");
	else
		snprintf(ret_text, LK_RATE_TEXT, "%u/%u", rate->count, rate->seconds);
}

struct lk_rate lk_rate_stricter(struct lk_rate a, struct lk_rate b)
{
	uint64_t of_a = (uint64_t)a.count * b.seconds, of_b = (uint64_t)b.count * a.seconds;

	if (a.count == 0 || b.count == 0)
		return a.count == 0 ? b : a;
	if (of_a == of_b)
		return a.count < b.count ? a : b;
	return of_a < of_b ? a : b;
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

struct lk_throttle *lk_throttle_new(size_t buckets, const unsigned char key[LK_THROTTLE_KEY])
{
	size_t sets = buckets / WAYS;
	struct lk_throttle *throttle;

	if (sets == 0 || buckets > SIZE_MAX / sizeof(struct bucket) / 2)
		return NULL;
	throttle = calloc(1, sizeof *throttle + sets * WAYS * sizeof(struct bucket));
	if (throttle == NULL)
		return NULL;
	memcpy(throttle->key, key, LK_THROTTLE_KEY);
	throttle->sets = sets;
	return throttle;
}

void lk_throttle_free(struct lk_throttle *throttle)
{
	free(throttle);
}

/* 64 bits under a key that nobody knows: that two clients share a tag is not to be expected. */
static uint64_t tag_of(const struct lk_throttle *throttle, const struct lk_origin *origin, unsigned level)
{
	unsigned char octets[2 + LK_ORIGIN_OCTETS] = {(unsigned char)level, (unsigned char)origin->kind};
	uint64_t tag;

	memcpy(octets + 2, origin->octets, LK_ORIGIN_OCTETS);
	crypto_shorthash((unsigned char *)&tag, octets, sizeof octets, throttle->key);
	return tag;
}

/* The bucket of that tag, or a place for it: the fullest of those in which it may stand. So whoever has used up a
 * bucket and wants it forgotten must use up eight others first, and cannot know which. */
static struct bucket *place_of(struct lk_throttle *throttle, uint64_t tag)
{
	struct bucket *set = &throttle->buckets[tag % throttle->sets * WAYS], *fullest = set;

	for (struct bucket *bucket = set; bucket < set + WAYS; bucket++) {
		if (bucket->tag == tag)
			return bucket;
		if (bucket->full_at < fullest->full_at)
			fullest = bucket;
	}
	return fullest;
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

/* One bucket that a request draws from. */
struct draw {
	struct bucket *bucket;
	uint64_t tag;
	uint64_t window; /* the nanoseconds in which an empty bucket fills */
	uint64_t cost; /* the nanoseconds in which what is taken comes back */
	uint64_t debt; /* the nanoseconds until the bucket is full now */
};

static struct draw draw_from(struct bucket *bucket, uint64_t tag, struct lk_rate rate, uint64_t factor, uint64_t now)
{
	struct draw draw = {.bucket = bucket, .tag = tag, .window = rate.seconds * NANOSECONDS};

	draw.cost = rate.count == 0 ? 0 : draw.window / (rate.count * factor);
	if (bucket->tag != tag || bucket->full_at <= now)
		return draw;
	if (bucket->full_at - now > draw.window) /* the limit was a wider one before */
		bucket->full_at = now + draw.window;
	draw.debt = bucket->full_at - now;
	return draw;
}

static bool has_room(const struct draw *draw, uint64_t window)
{
	return draw->cost == 0 || draw->debt + draw->cost <= window;
}

static void settle(const struct draw *draw, uint64_t debt, uint64_t now)
{
	if (draw->cost == 0)
		return;
	draw->bucket->tag = draw->tag;
	draw->bucket->full_at = now + debt;
}

/* What ORIGIN draws from: its own bucket, and the one of the network around it. Returns how many. */
static size_t draws_of(struct lk_throttle *throttle, struct lk_rate rate, const struct lk_origin *origin, uint64_t now,
	struct draw ret_draws[LEVELS])
{
	uint64_t factor = origin->local ? LK_THROTTLE_LOCAL_FACTOR : 1, tag;
	struct lk_origin network = lk_origin_client(origin);

	tag = tag_of(throttle, &network, 0);
	ret_draws[0] = draw_from(place_of(throttle, tag), tag, rate, factor, now);
	if (origin->kind != LK_ORIGIN_IPV6 || origin->local)
		return 1;
	network = lk_origin_prefix(origin, 48);
	tag = tag_of(throttle, &network, 1);
	ret_draws[1] = draw_from(place_of(throttle, tag), tag, rate, LK_THROTTLE_WIDE_FACTOR, now);
	return 2;
}

static struct draw draw_from_all(
	struct lk_throttle *throttle, const struct lk_throttle_limits *limits, const struct lk_origin *origin, uint64_t now)
{
	struct lk_rate none = {0, 0};

	return draw_from(&throttle->all, 0, origin->kind == LK_ORIGIN_IDENTITY ? none : limits->all, 1, now);
}

enum lk_throttle_verdict lk_throttle_take(
	struct lk_throttle *throttle, const struct lk_throttle_limits *limits, const struct lk_origin *origin, uint64_t now)
{
	struct draw draws[LEVELS], all = draw_from_all(throttle, limits, origin, now);
	size_t count = draws_of(throttle, limits->client, origin, now, draws);
	bool modest = true;

	for (size_t i = 0; i < count; i++) {
		if (!has_room(&draws[i], draws[i].window))
			return LK_THROTTLE_CLIENT;
		modest = modest && draws[i].debt < draws[i].window / 4;
	}
	if (!has_room(&all, limits->client.count == 0 || modest ? all.window : all.window / 2))
		return LK_THROTTLE_ALL;
	for (size_t i = 0; i < count; i++)
		settle(&draws[i], draws[i].debt + draws[i].cost, now);
	settle(&all, all.debt + all.cost, now);
	return LK_THROTTLE_PASSES;
}

void lk_throttle_return(
	struct lk_throttle *throttle, const struct lk_throttle_limits *limits, const struct lk_origin *origin, uint64_t now)
{
	struct draw draws[LEVELS + 1];
	size_t count = draws_of(throttle, limits->client, origin, now, draws);

	draws[count++] = draw_from_all(throttle, limits, origin, now);
	for (size_t i = 0; i < count; i++) {
		if (draws[i].debt > 0)
			settle(&draws[i], draws[i].debt > draws[i].cost ? draws[i].debt - draws[i].cost : 0, now);
	}
}
