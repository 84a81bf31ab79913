using System.Net;
using SalesBrain.Core.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>One request as its endpoint sees it, after the request pipeline has let it in.</summary>
public sealed class Call
{
    private readonly Caller? _caller;
    private readonly Func<Task<Caller?>> _findCaller;
    private readonly SalesBrainDatabase _database;
    private int _transactions;
    private bool _commitsAtOnce;

    internal Call(
        HttpRequest request, DateTimeOffset now, Caller? caller, Func<Task<Caller?>> findCaller, IPAddress? remoteAddress,
        SalesBrainDatabase database, CursorCodes cursors, CancellationToken cancellationToken)
    {
        Request = request;
        Now = now;
        _caller = caller;
        _findCaller = findCaller;
        RemoteAddress = remoteAddress;
        _database = database;
        Cursors = new PageCursors(cursors, caller?.Scope);
        CancellationToken = cancellationToken;
    }

    public HttpRequest Request { get; }

    /// <summary>When the request came, by the app's clock: everything one request writes has the same time.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Cancelled when the client goes away or the operation's time limit passes.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The client's address as the trusted proxies hand it over.</summary>
    public IPAddress? RemoteAddress { get; }

    /// <summary>The cursors of the caller's lists.</summary>
    public PageCursors Cursors { get; }

    /// <summary>Whether the endpoint requires a caller who is signed in.</summary>
    internal bool IsSignedIn => _caller is not null;

    /// <summary>Who is signed in; throws on an endpoint open to anyone.</summary>
    public Caller Caller => _caller ?? throw new InvalidOperationException("Nobody is signed in here.");

    /// <summary>
    /// Who is signed in, where an endpoint open to anyone (<see cref="AnyoneAttribute.MayBeSignedIn"/>) does more for some. Asks the
    /// database, which other endpoints open to anyone are spared.
    /// </summary>
    public Task<Caller?> FindCallerAsync() => _findCaller();

    /// <summary>Reads as the caller: inside their organization, or everywhere for platform operators.</summary>
    public DatabaseSession Read() =>
        Caller.OrganizationId is null ? _database.ReadPlatform() : _database.ReadTenant(Caller.TenantContext);

    /// <summary>Begins a transaction as the caller.</summary>
    public async Task<DatabaseSession> WriteAsync()
    {
        _transactions++;
        return Caller.OrganizationId is null
            ? await _database.WritePlatformAsync(CancellationToken)
            : await _database.WriteTenantAsync(Caller.TenantContext, CancellationToken);
    }

    /// <summary>
    /// Writes as the caller. Each statement is its own transaction in one round trip, so that locks are held as briefly as possible.
    /// </summary>
    public DatabaseSession AutoCommit()
    {
        _commitsAtOnce = true;
        return Caller.OrganizationId is null ? _database.AutoCommitPlatform() : _database.AutoCommitTenant(Caller.TenantContext);
    }

    /// <summary>Whether everything that the endpoint has written so far is in one transaction.</summary>
    internal bool HasOneTransaction => _transactions == 1 && !_commitsAtOnce;

    /// <summary>Before the endpoint handles the request once more, because its transaction was rolled back.</summary>
    internal void Restart() => _transactions = 0;

    /// <summary>
    /// Writes to the audit log what the caller did, in the transaction of the change. <paramref name="changes"/> is
    /// <see cref="SalesBrain.Core.Audit.AuditedChanges"/>, or an object with what else is to be known, by the names of the API.
    /// </summary>
    public Task AuditAsync(DatabaseSession session, string action, string entity, Guid? entityId, Guid? organizationId, object changes) =>
        AuditLog.WriteAsync(session, AuditEntry(action, entity, entityId, organizationId, changes), CancellationToken);

    /// <summary>The entry that <see cref="AuditAsync"/> writes.</summary>
    public AuditEntry AuditEntry(string action, string entity, Guid? entityId, Guid? organizationId, object changes) =>
        new(action, entity, entityId, organizationId, Caller.UserId, Caller.Role.Name(), Now, RemoteAddress, changes);

    /// <summary>
    /// Whether the caller already has the representation with this entity tag. A weakened tag is the same one: proxies that compress weaken
    /// them (RFC 9110, section 13.1.2).
    /// </summary>
    public bool Has(string etag) =>
        Request.Headers.IfNoneMatch.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Any(tag => tag == "*" || (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag) == etag);
}
