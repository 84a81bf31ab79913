using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Whatsapp.Receiving;

/// <summary>What Meta delivered for accounts that are not known here: evidence for the platform's operators.</summary>
public static class UnroutedWhatsappEvents
{
    public const string UnknownNumber = "unknown_number";
    public const string OtherAccount = "other_account";

    /// <summary>How long they are kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Bytes that are kept of a body.</summary>
    private const int MaxBody = 65_536;

    /// <summary>The most that are kept of the last 24 hours.</summary>
    public const int MaxPerDay = 1000;

    /// <summary>Keeps the events, up to the limit of the day. Instances that do so at the same time may exceed it a little.</summary>
    public static Task KeepAsync(
        PlatformSession session, IReadOnlyList<UnroutedWhatsappEvent> events, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.whatsapp_unrouted (cause, waba_id, phone_number_id, body, received_at)
            select e.cause, e.waba_id, e.phone_number_id, substring(e.body for @maxBody), @now
            from unnest(@causes, @wabaIds, @phoneNumberIds, @bodies) with ordinality as e (cause, waba_id, phone_number_id, body, n)
            where e.n <= @maxPerDay - (
                select count(*) from (select from app.whatsapp_unrouted u where u.received_at > @now - interval '24 hours' limit @maxPerDay) k)
            """, new
        {
            causes = events.Select(one => one.Cause).ToArray(),
            wabaIds = events.Select(one => one.WabaId).ToArray(),
            phoneNumberIds = events.Select(one => one.PhoneNumberId).ToArray(),
            bodies = events.Select(one => one.Body).ToArray(),
            now,
            maxBody = MaxBody,
            maxPerDay = MaxPerDay,
        }, cancellationToken);

    /// <summary>Deletes a batch of those from before a time, and returns how many.</summary>
    public static Task<int> DeleteAsync(PlatformSession session, DateTime before, int batchSize, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.whatsapp_unrouted
            -- In the order of their place, as app.forget_whatsapp_people: they never change.
            where ctid = any (array(
                select u.ctid from app.whatsapp_unrouted u where u.received_at < @before order by u.received_at limit @batchSize))
            """, new { before, batchSize }, cancellationToken);
}

/// <summary>A part of a delivery that belongs to no organization. <paramref name="Cause"/> is one of the constants.</summary>
public sealed record UnroutedWhatsappEvent(string Cause, string? WabaId, string? PhoneNumberId, byte[] Body);
