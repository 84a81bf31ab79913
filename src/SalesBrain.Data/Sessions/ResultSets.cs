using System.Data.Common;
using Dapper;

namespace SalesBrain.Data.Sessions;

/// <summary>The results of one or several statements, read in order.</summary>
public sealed class ResultSets
{
    private readonly DbDataReader _reader;
    private bool _started;

    internal ResultSets(DbDataReader reader) => _reader = reader;

    /// <summary>All rows of the next result.</summary>
    public async Task<List<T>> ReadAsync<T>(CancellationToken cancellationToken)
    {
        if (_started && !await _reader.NextResultAsync(cancellationToken))
        {
            throw new InvalidOperationException("The statements returned fewer results than were read.");
        }
        _started = true;
        var rows = new List<T>();
        if (_reader.FieldCount == 0)
        {
            return rows;
        }
        var parse = RowParser<T>(_reader);
        while (await _reader.ReadAsync(cancellationToken))
        {
            rows.Add(parse(_reader));
        }
        return rows;
    }

    /// <summary>Reads rows of any type. Dapper's own generic method supports records and values, but not strings and byte arrays.</summary>
    internal static Func<DbDataReader, T> RowParser<T>(DbDataReader reader)
    {
        if (typeof(T).IsValueType)
        {
            return reader.GetRowParser<T>();
        }
        var parse = reader.GetRowParser(typeof(T));
        return row => (T)parse(row);
    }

    internal async Task<int> CompleteAsync(CancellationToken cancellationToken)
    {
        while (await _reader.NextResultAsync(cancellationToken))
        {
            // Only to reach the end.
        }
        return _reader.RecordsAffected;
    }
}
