/* Times before the lines of a log. */
#include "log-stamp.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "error.h"

#define DAY 86400

static bool take(struct berval *rest, char octet)
{
	if (rest->bv_len == 0 || rest->bv_val[0] != octet)
		return false;
	rest->bv_val++;
	rest->bv_len--;
	return true;
}

static bool is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

/* Between LEAST and MOST decimal digits. */
static bool take_number(struct berval *rest, size_t least, size_t most, int *ret_number)
{
	size_t digits = 0;
	int number = 0;

	while (digits < most && digits < rest->bv_len && is_digit(rest->bv_val[digits]))
		number = number * 10 + (rest->bv_val[digits++] - '0');
	if (digits < least)
		return false;
	rest->bv_val += digits;
	rest->bv_len -= digits;
	*ret_number = number;
	return true;
}

static void skip_fraction(struct berval *rest)
{
	struct berval after = *rest;
	int number;

	if (!take(&after, '.'))
		return;
	while (take_number(&after, 1, 9, &number))
		*rest = after;
}

/* HH:MM, and :SS with a fraction where SECONDS_TOO, or where they are there. */
static bool take_clock(struct berval *rest, bool seconds_too, struct tm *tm)
{
	if (!take_number(rest, 2, 2, &tm->tm_hour) || !take(rest, ':') || !take_number(rest, 2, 2, &tm->tm_min))
		return false;
	if (take(rest, ':')) {
		if (!take_number(rest, 2, 2, &tm->tm_sec))
			return false;
		skip_fraction(rest);
	} else if (seconds_too) {
		return false;
	}
	return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 61;
}

/* "Z", "+09:00" or "+0900" as seconds to the east of Greenwich. */
static bool take_zone(struct berval *rest, long *ret_east)
{
	int hours, minutes;
	bool west = rest->bv_len > 0 && rest->bv_val[0] == '-';

	if (take(rest, 'Z')) {
		*ret_east = 0;
		return true;
	}
	if (!take(rest, '+') && !take(rest, '-'))
		return false;
	if (!take_number(rest, 2, 2, &hours))
		return false;
	take(rest, ':');
	if (!take_number(rest, 2, 2, &minutes))
		return false;
	*ret_east = (west ? -1 : 1) * (hours * 3600L + minutes * 60L);
	return true;
}

int lk_log_time_take(struct berval *rest, time_t *ret_when)
{
	struct berval after = *rest;
	struct tm tm = {.tm_isdst = -1};
	long east;
	int year, month;

	if (!take_number(&after, 4, 4, &year) || !take(&after, '-') || !take_number(&after, 2, 2, &month) ||
		!take(&after, '-') || !take_number(&after, 2, 2, &tm.tm_mday))
		return LK_ERR_MALFORMED;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	if (month < 1 || month > 12 || tm.tm_mday < 1 || tm.tm_mday > 31)
		return LK_ERR_MALFORMED;
	if (take(&after, 'T') && !take_clock(&after, false, &tm))
		return LK_ERR_MALFORMED;
	*rest = after;
	if (!take_zone(rest, &east)) {
		*rest = after;
		*ret_when = mktime(&tm);
		return LK_OK;
	}
	tm.tm_isdst = 0;
	*ret_when = timegm(&tm) - east;
	return LK_OK;
}

/* "Nov 22 04:01:59", with a space before a day of one digit. */
static bool take_old_syslog_time(struct berval *rest, time_t now, time_t *ret_when)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm, today;
	int month = 0;

	while (month < 12 && (rest->bv_len < 4 || memcmp(rest->bv_val, months + 3 * month, 3) != 0))
		month++;
	if (month == 12 || rest->bv_val[3] != ' ')
		return false;
	rest->bv_val += 4;
	rest->bv_len -= 4;
	localtime_r(&now, &today);
	tm = (struct tm){.tm_year = today.tm_year + 1, .tm_mon = month, .tm_isdst = -1};
	take(rest, ' ');
	if (!take_number(rest, 1, 2, &tm.tm_mday) || !take(rest, ' ') || !take_clock(rest, true, &tm))
		return false;
	for (int years = 0; years < 3; years++) {
		struct tm tried = tm;

		tried.tm_year -= years;
		*ret_when = mktime(&tried);
		if (*ret_when <= now + DAY)
			break;
	}
	return true;
}

static bool is_hex(char octet)
{
	return is_digit(octet) || (octet >= 'a' && octet <= 'f');
}

static size_t count_hex(const struct berval *rest)
{
	size_t digits = 0;

	while (digits < rest->bv_len && is_hex(rest->bv_val[digits]))
		digits++;
	return digits;
}

static void drop(struct berval *rest, size_t octets)
{
	rest->bv_val += octets;
	rest->bv_len -= octets;
}

/* "6921a0b5.1b2c3d4e 0x7f1e5c0a6700 "; slapd 2.4 wrote the seconds alone. */
static bool take_slapd_stamp(struct berval *rest, time_t *ret_when)
{
	struct berval after = *rest;
	size_t digits = count_hex(&after);
	time_t when = 0;

	if (digits < 8 || digits > 9)
		return false;
	for (size_t i = 0; i < digits; i++)
		when = when << 4 | (is_digit(after.bv_val[i]) ? after.bv_val[i] - '0' : after.bv_val[i] - 'a' + 10);
	drop(&after, digits);
	if (take(&after, '.'))
		drop(&after, count_hex(&after));
	if (!take(&after, ' '))
		return false;
	if (after.bv_len > 2 && memcmp(after.bv_val, "0x", 2) == 0) {
		drop(&after, 2);
		drop(&after, count_hex(&after));
		if (!take(&after, ' '))
			return false;
	}
	*rest = after;
	*ret_when = when;
	return true;
}

static struct berval take_token(struct berval *rest)
{
	struct berval token = {0, rest->bv_val};

	while (token.bv_len < rest->bv_len && token.bv_val[token.bv_len] != ' ')
		token.bv_len++;
	drop(rest, token.bv_len);
	return token;
}

/* " host slapd[77]: " */
static bool take_source(struct berval *rest)
{
	struct berval tag;

	if (!take(rest, ' ') || take_token(rest).bv_len == 0 || !take(rest, ' '))
		return false;
	tag = take_token(rest);
	return tag.bv_len > 1 && tag.bv_val[tag.bv_len - 1] == ':' && take(rest, ' ');
}

static bool take_syslog_stamp(struct berval *rest, time_t now, time_t *ret_when)
{
	struct berval after = *rest;
	time_t when;

	if (lk_log_time_take(&after, &when) != LK_OK) {
		after = *rest;
		if (!take_old_syslog_time(&after, now, &when))
			return false;
	}
	if (!take_source(&after))
		return false;
	*rest = after;
	*ret_when = when;
	return true;
}

/* What slapd writes to standard error is stamped by it, and again by whoever passes it on. */
void lk_log_stamp_take(struct berval *rest, time_t now, time_t *ret_when)
{
	take_syslog_stamp(rest, now, ret_when);
	take_slapd_stamp(rest, ret_when);
}
