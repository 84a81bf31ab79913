using Microsoft.Extensions.Options;

namespace SalesBrain.Functions.Http.Exports;

/// <summary>Counts the exports that this instance is writing, and refuses more than the settings allow. Thread-safe.</summary>
public sealed class ExportLimits(IOptions<ResponseOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _byOrganization = [];
    private int _all;

    /// <summary>
    /// Begins an export, which ends when the returned object is disposed. Null if there are too many. Platform operators, who have no
    /// organization, count as one.
    /// </summary>
    internal IDisposable? TryBegin(Guid? organizationId)
    {
        var key = organizationId ?? Guid.Empty;
        lock (_gate)
        {
            var own = _byOrganization.GetValueOrDefault(key);
            if (own >= options.Value.ExportsPerOrganization || _all >= options.Value.ExportsPerInstance)
            {
                return null;
            }
            _byOrganization[key] = own + 1;
            _all++;
        }
        return new Export(this, key);
    }

    private void End(Guid key)
    {
        lock (_gate)
        {
            _all--;
            if (--_byOrganization[key] == 0)
            {
                _byOrganization.Remove(key);
            }
        }
    }

    private sealed class Export(ExportLimits limits, Guid key) : IDisposable
    {
        private int _isEnded;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isEnded, 1) == 0)
            {
                limits.End(key);
            }
        }
    }
}
