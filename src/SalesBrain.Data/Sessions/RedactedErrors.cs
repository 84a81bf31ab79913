using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>Errors of the database without the values that they quote, because exceptions are logged.</summary>
internal static class RedactedErrors
{
    /// <summary>
    /// The error to throw. Errors of class 22 quote the value that is wrong in their message, and its surroundings in their context:
    /// "invalid input syntax for type uuid: ...". All others name tables, columns and constraints only. <c>Include Error Detail</c> stays
    /// off.
    /// </summary>
    internal static PostgresException Redact(PostgresException error) => new(
        "a value is not valid (the text of the error would quote it)", error.Severity, error.InvariantSeverity, error.SqlState,
        schemaName: error.SchemaName, tableName: error.TableName, columnName: error.ColumnName, dataTypeName: error.DataTypeName,
        constraintName: error.ConstraintName, file: error.File, line: error.Line, routine: error.Routine);

    /// <summary>Whether the text of the error may quote a value.</summary>
    internal static bool QuotesValues(PostgresException error) => error.SqlState.StartsWith("22", StringComparison.Ordinal);
}
