"""One module for each change of the tables; a module that was released is never edited."""
